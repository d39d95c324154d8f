using System.Security.Cryptography;
using System.Text.Json;
using IncomingCalls.Testing;

namespace IncomingCalls.CrashTests;

/// <summary>A simulated gateway with one or more polled instances and as many that post to the webhook. It redelivers after milliseconds, where the vendor takes a minute.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    private const string WebhookPath = "/webhooks/green-api";

    private static readonly TimeSpan ResendAfter = TimeSpan.FromMilliseconds(50);

    private readonly GreenApiSimulator _simulator;

    private Gateway(GreenApiSimulator simulator, string token, int instancesOfEach)
    {
        _simulator = simulator;
        Token = token;
        SimulatedInstance Add() => simulator.AddInstance(options => options.ApiTokenInstance = token);
        PolledInstances = [.. Enumerable.Range(0, instancesOfEach).Select(_ => Add())];
        WebhookInstances = [.. Enumerable.Range(0, instancesOfEach).Select(_ => Add())];
        // A port without a listener: every post fails until the address of the first host is known.
        SetWebhookHost(new Uri("http://127.0.0.1:9"));
    }

    public string Token { get; }

    public Uri ApiUrl => _simulator.ApiUrl;

    public IReadOnlyList<SimulatedInstance> PolledInstances { get; }

    public IReadOnlyList<SimulatedInstance> WebhookInstances { get; }

    public IReadOnlyList<SimulatedInstance> Instances => [.. PolledInstances, .. WebhookInstances];

    /// <summary>The polled instance, or the first of them.</summary>
    public SimulatedInstance PolledInstance => PolledInstances[0];

    /// <summary>The instance that posts to the webhook, or the first of them.</summary>
    public SimulatedInstance WebhookInstance => WebhookInstances[0];

    public int WaitingCount => Instances.Sum(instance => instance.WaitingCount);

    /// <param name="instancesOfEach">How many instances are polled, and how many post.</param>
    /// <param name="answerTimeout">The timeout of a post; null for that of the vendor.</param>
    public static async Task<Gateway> StartAsync(int instancesOfEach = 1, TimeSpan? answerTimeout = null) => new(
        await GreenApiSimulator.StartAsync(options =>
        {
            options.ResendAfter = ResendAfter;
            options.EnforceRateLimits = false;
            options.AnswerTimeout = answerTimeout ?? options.AnswerTimeout;
        }),
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(25)),
        instancesOfEach);

    /// <summary>Sets the host that notifications are posted to.</summary>
    public void SetWebhookHost(Uri host)
    {
        foreach (var instance in WebhookInstances)
        {
            instance.SetWebhook(new(host, WebhookPath), Token);
        }
    }

    /// <summary>Sets a client that posts notifications and chooses their destination.</summary>
    public void SetWebhookClient(HttpClient client)
    {
        foreach (var instance in WebhookInstances)
        {
            instance.PushThrough(client, WebhookPath, Token);
        }
    }

    /// <summary>Counts the notifications that were deleted or answered with 200.</summary>
    public int CountAcknowledged() => Instances.SelectMany(instance => instance.History).Count(notification => notification.AcknowledgedAt is not null);

    public Task WaitUntilAcknowledgedAsync(TimeSpan limit) => _simulator.WaitUntilAcknowledgedAsync(limit);

    /// <summary>Gets the notifications that were sent so far: those of each instance in their order.</summary>
    public IReadOnlyList<SentNotification> GetSent() => [.. Instances.SelectMany(GetSentBy)];

    /// <summary>Describes each notification that was sent so far in a line, for the analysis of a finding.</summary>
    public IEnumerable<string> Describe() =>
        from instance in Instances
        from notification in instance.History
        select $"{instance.IdInstance}/{notification.IdMessage} {StatusOf(notification)} acknowledged {notification.AcknowledgedAt:O}, delivered "
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
