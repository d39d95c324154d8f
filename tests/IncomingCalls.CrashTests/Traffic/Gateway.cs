using System.Security.Cryptography;
using System.Text.Json;
using IncomingCalls.Testing;

namespace IncomingCalls.CrashTests;

/// <summary>The vendor: instances that are polled and instances that post, one of each or more. It resends within milliseconds what it resends within a minute.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    private const string WebhookPath = "/webhooks/green-api";

    private static readonly TimeSpan ResendAfter = TimeSpan.FromMilliseconds(50);

    private readonly GreenApiSimulator _simulator;

    private Gateway(GreenApiSimulator simulator, string token, int ofEach)
    {
        _simulator = simulator;
        Token = token;
        SimulatedInstance Add() => simulator.AddInstance(options => options.ApiTokenInstance = token);
        PolledInstances = [.. Enumerable.Range(0, ofEach).Select(_ => Add())];
        WebhookInstances = [.. Enumerable.Range(0, ofEach).Select(_ => Add())];
        // Nobody listens there: until the first host tells its address, every post fails.
        SetWebhookHost(new Uri("http://127.0.0.1:9"));
    }

    public string Token { get; }

    public Uri ApiUrl => _simulator.ApiUrl;

    public IReadOnlyList<SimulatedInstance> PolledInstances { get; }

    public IReadOnlyList<SimulatedInstance> WebhookInstances { get; }

    public IReadOnlyList<SimulatedInstance> Instances => [.. PolledInstances, .. WebhookInstances];

    /// <summary>The one that is polled, or the first of them.</summary>
    public SimulatedInstance PolledInstance => PolledInstances[0];

    /// <summary>The one that posts, or the first of them.</summary>
    public SimulatedInstance WebhookInstance => WebhookInstances[0];

    public int WaitingCount => Instances.Sum(instance => instance.WaitingCount);

    /// <param name="ofEach">How many instances are polled, and how many post.</param>
    /// <param name="answerTimeout">How long a post may take; null for as long as the vendor waits.</param>
    public static async Task<Gateway> StartAsync(int ofEach = 1, TimeSpan? answerTimeout = null) => new(
        await GreenApiSimulator.StartAsync(options =>
        {
            options.ResendAfter = ResendAfter;
            options.EnforceRateLimits = false;
            options.AnswerTimeout = answerTimeout ?? options.AnswerTimeout;
        }),
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(25)),
        ofEach);

    /// <summary>Posts to a host from now on.</summary>
    public void SetWebhookHost(Uri host)
    {
        foreach (var instance in WebhookInstances)
        {
            instance.SetWebhook(new(host, WebhookPath), Token);
        }
    }

    /// <summary>Posts through a client from now on, which knows where to.</summary>
    public void SetWebhookClient(HttpClient client)
    {
        foreach (var instance in WebhookInstances)
        {
            instance.PushThrough(client, WebhookPath, Token);
        }
    }

    /// <summary>How many notifications have been deleted or answered 200.</summary>
    public int CountAcknowledged() => Instances.SelectMany(instance => instance.History).Count(notification => notification.AcknowledgedAt is not null);

    public Task WaitUntilAcknowledgedAsync(TimeSpan limit) => _simulator.WaitUntilHandledAsync(limit);

    /// <summary>What was sent so far: each instance's in its order.</summary>
    public IReadOnlyList<SentNotification> GetSent() => [.. Instances.SelectMany(GetSentBy)];

    /// <summary>What was sent so far as text, a line each, for whoever looks for the reason of a finding.</summary>
    public IEnumerable<string> Describe() =>
        from instance in Instances
        from notification in instance.History
        select $"{instance.IdInstance}/{notification.IdMessage} {StatusOf(notification)} acknowledged {notification.AcknowledgedAt:O}, handed out "
            + string.Join(", ", notification.Deliveries.Select(delivery => $"{delivery.At:O} {delivery.Channel} {delivery.StatusCode}"));

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    private static IEnumerable<SentNotification> GetSentBy(SimulatedInstance instance)
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
        if (notification.TypeWebhook is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(notification.Body);
        return document.RootElement.TryGetProperty("status", out var status) ? status.GetString() : null;
    }
}
