using IncomingCalls.Cli.Lines;
using IncomingCalls.Testing;

namespace IncomingCalls.Cli.Simulate;

/// <summary>Polls the queues of the simulator and reports what has happened to the notifications.</summary>
internal sealed class SimulationMonitor(IReadOnlyList<SimulatedInstance> instances, Action<SimulateLine> report, TimeProvider time)
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
            // Reports the changes since the last check.
            ReportChanges();
        }
    }

    public SimulateLine CreateEndedLine() => new() { Type = SimulateLine.EndedType, At = time.GetUtcNow(), Sent = _sentCount, Acknowledged = _acknowledgedCount, Waiting = WaitingCount };

    private void ReportChanges()
    {
        foreach (var instance in instances)
        {
            var history = instance.History;
            for (var i = _reportedCounts[instance]; i < history.Count; i++)
            {
                _sentCount++;
                _unacknowledged.Add(new(instance, history[i]));
                report(SimulateLine.CreateSent(instance, history[i]));
            }

            _reportedCounts[instance] = history.Count;
        }

        foreach (var entry in _unacknowledged)
        {
            entry.ReportRefusals(report);
        }

        foreach (var entry in _unacknowledged.Where(entry => entry.IsAcknowledged))
        {
            _acknowledgedCount++;
            report(SimulateLine.CreateAcknowledged(entry.Instance, entry.Notification));
        }

        _unacknowledged.RemoveAll(entry => entry.IsAcknowledged);
    }
}

/// <summary>A notification that is not acknowledged yet, and how many of its deliveries were reported.</summary>
internal sealed class TrackedNotification(SimulatedInstance instance, SimulatedNotification notification)
{
    private int _reportedDeliveries;

    public SimulatedInstance Instance { get; } = instance;

    public SimulatedNotification Notification { get; } = notification;

    public bool IsAcknowledged => Notification.AcknowledgedAt is not null;

    /// <summary>Reports every delivery that the webhook did not acknowledge.</summary>
    public void ReportRefusals(Action<SimulateLine> report)
    {
        var deliveries = Notification.Deliveries;
        for (; _reportedDeliveries < deliveries.Count; _reportedDeliveries++)
        {
            if (deliveries[_reportedDeliveries] is { Channel: DeliveryChannel.Webhook, StatusCode: not 200 } refused)
            {
                report(SimulateLine.CreateRefused(Instance, Notification, refused));
            }
        }
    }
}
