using System.Diagnostics;
using IncomingCalls.Testing;

namespace IncomingCalls.LoadTests;

/// <summary>
/// A simulated instance that is called by many at once. Its gateway sends one notification at a time to the webhook, and the next only after
/// the answer.
/// </summary>
internal sealed class RingingInstance
{
    /// <summary>Ends the wait for answers. A notification that was not answered with 200 is sent again only after a minute.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly IReadOnlyList<SimulatedNotification> _notifications;
    private readonly DateTimeOffset _observedUntil;

    private RingingInstance(IReadOnlyList<SimulatedNotification> notifications, DateTimeOffset observedUntil)
    {
        _notifications = notifications;
        _observedUntil = observedUntil;
    }

    public int AnsweredCount => _notifications.Count(notification => notification.AcknowledgedAt is not null);

    /// <summary>Places calls of different callers, evenly within a time, and waits until all offers are answered with 200, or the limit is over.</summary>
    public static async Task<RingingInstance> RunAsync(SimulatedInstance instance, Uri server, long firstCaller, int calls, TimeSpan duration)
    {
        instance.SetWebhook(new(server, LoadServer.Path), $"Bearer {LoadServer.Token}");
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            await Schedule.WaitUntilAsync(started, i * duration / calls);
            instance.PlaceCall($"{firstCaller + i}@c.us").Ring();
        }

        while (instance.WaitingCount > 0 && Stopwatch.GetElapsedTime(started) < Limit)
        {
            await Task.Delay(PollInterval);
        }

        return new(instance.History, DateTimeOffset.UtcNow);
    }

    /// <summary>Finds the time from each offer to its answer, or to the end of the observation, in the order of the offers.</summary>
    public IEnumerable<TimeSpan> FindDelays() =>
        _notifications.Select(notification => (notification.AcknowledgedAt ?? _observedUntil) - notification.EnqueuedAt);
}
