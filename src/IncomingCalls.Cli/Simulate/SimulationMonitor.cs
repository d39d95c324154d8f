using IncomingCalls.Cli.Lines;
using IncomingCalls.Testing;

namespace IncomingCalls.Cli.Simulate;

/// <summary>Looks at the queues now and then, and tells what has happened to the notifications since.</summary>
internal sealed class SimulationMonitor(IReadOnlyList<SimulatedInstance> instances, Action<SimulateLine> tell, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<SimulatedInstance, int> _reportedCounts = instances.ToDictionary(instance => instance, _ => 0);
    private readonly List<TrackedNotification> _unacknowledged = [];
    private int _sentCount;
    private int _acknowledgedCount;

    public int WaitingCount => _sentCount - _acknowledgedCount;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(PollInterval, time);
        try
        {
            do
            {
                ReportChanges();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // What happened since the last look is told too.
            ReportChanges();
        }
    }

    public SimulateLine CreateEndedLine() => new() { Type = SimulateLine.EndedType, At = time.GetUtcNow(), Sent = _sentCount, Taken = _acknowledgedCount, Waiting = WaitingCount };

    private void ReportChanges()
    {
        foreach (var instance in instances)
        {
            var history = instance.History;
            for (var i = _reportedCounts[instance]; i < history.Count; i++)
            {
                _sentCount++;
                _unacknowledged.Add(new(instance, history[i]));
                tell(SimulateLine.CreateSent(instance, history[i]));
            }

            _reportedCounts[instance] = history.Count;
        }

        foreach (var entry in _unacknowledged)
        {
            entry.ReportRefusals(tell);
        }

        foreach (var entry in _unacknowledged.Where(entry => entry.IsAcknowledged))
        {
            _acknowledgedCount++;
            tell(SimulateLine.CreateAcknowledged(entry.Instance, entry.Notification));
        }

        _unacknowledged.RemoveAll(entry => entry.IsAcknowledged);
    }
}

/// <summary>A notification that waits, and how much of its fate was told.</summary>
internal sealed class TrackedNotification(SimulatedInstance instance, SimulatedNotification notification)
{
    private int _reportedDeliveries;

    public SimulatedInstance Instance { get; } = instance;

    public SimulatedNotification Notification { get; } = notification;

    public bool IsAcknowledged => Notification.AcknowledgedAt is not null;

    /// <summary>Tells every time that the webhook did not take it.</summary>
    public void ReportRefusals(Action<SimulateLine> tell)
    {
        var deliveries = Notification.Deliveries;
        for (; _reportedDeliveries < deliveries.Count; _reportedDeliveries++)
        {
            if (deliveries[_reportedDeliveries] is { Channel: DeliveryChannel.Webhook, StatusCode: not 200 } refused)
            {
                tell(SimulateLine.CreateRefused(Instance, Notification, refused));
            }
        }
    }
}
