using System.Security.Cryptography;
using System.Text.Json;
using IncomingCalls.Testing;

namespace IncomingCalls.CrashTests;

/// <summary>The vendor: an instance that is polled and one that posts. It resends within milliseconds what it resends within a minute.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    private static readonly TimeSpan ResendAfter = TimeSpan.FromMilliseconds(50);

    private readonly GreenApiSimulator _simulator;

    private Gateway(GreenApiSimulator simulator, string token)
    {
        _simulator = simulator;
        Token = token;
        Polled = simulator.AddInstance(options => options.ApiTokenInstance = token);
        Posting = simulator.AddInstance(options => options.ApiTokenInstance = token);
        // Nobody listens there: until the first host tells its address, every post fails.
        Posting.SetWebhook(new("http://127.0.0.1:9"), token);
    }

    public string Token { get; }

    public Uri ApiUrl => _simulator.ApiUrl;

    public SimulatedInstance Polled { get; }

    public SimulatedInstance Posting { get; }

    public int Waiting => Polled.WaitingCount + Posting.WaitingCount;

    public static async Task<Gateway> StartAsync() => new(
        await GreenApiSimulator.StartAsync(static options =>
        {
            options.ResendAfter = ResendAfter;
            options.EnforceRateLimits = false;
        }),
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(25)));

    /// <summary>Posts to a host from now on.</summary>
    public void PostTo(Uri host) => Posting.SetWebhook(new(host, "/webhooks/green-api"), Token);

    /// <summary>How many notifications have been deleted or answered 200.</summary>
    public int CountAcknowledged() => Polled.History.Concat(Posting.History).Count(notification => notification.AcknowledgedAt is not null);

    public Task WaitUntilAcknowledgedAsync(TimeSpan limit) => _simulator.WaitUntilHandledAsync(limit);

    /// <summary>What was sent so far: each instance's in its order.</summary>
    public IReadOnlyList<SentNotification> Sent() => [.. SentBy(Polled), .. SentBy(Posting)];

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    private static IEnumerable<SentNotification> SentBy(SimulatedInstance instance)
    {
        foreach (var notification in instance.History)
        {
            var isCall = notification.TypeWebhook == "incomingCall";
            yield return new()
            {
                IdInstance = instance.IdInstance,
                IdMessage = isCall ? notification.IdMessage : null,
                Status = isCall ? StatusOf(notification) : null,
                UnreadableSha256 = notification.TypeWebhook is null ? Convert.ToHexString(SHA256.HashData(notification.Body.Span)) : null,
                IsAcknowledged = notification.AcknowledgedAt is not null,
                Deliveries = notification.Deliveries.Count,
            };
        }
    }

    private static string? StatusOf(SimulatedNotification notification)
    {
        using var document = JsonDocument.Parse(notification.Body);
        return document.RootElement.TryGetProperty("status", out var status) ? status.GetString() : null;
    }
}
