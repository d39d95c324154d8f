using IncomingCalls.Testing;

namespace IncomingCalls.Cli;

/// <summary>Looks at the queues now and then, and tells what has happened to the notifications since.</summary>
internal sealed class SimulationJournal(IReadOnlyList<SimulatedInstance> instances, Action<SimulateLine> tell, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<SimulatedInstance, int> _seen = instances.ToDictionary(instance => instance, _ => 0);
    private readonly List<SimulatedEntry> _open = [];
    private int _sent;
    private int _taken;

    public int WaitingCount => _sent - _taken;

    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // What happened since the last look is told too.
            Look();
        }
    }

    public SimulateLine Ended() => new() { Type = SimulateLine.EndedType, At = time.GetUtcNow(), Sent = _sent, Taken = _taken, Waiting = WaitingCount };

    private void Look()
    {
        foreach (var instance in instances)
        {
            var history = instance.History;
            for (var i = _seen[instance]; i < history.Count; i++)
            {
                _sent++;
                _open.Add(new(instance, history[i]));
                tell(SimulateLine.OfSent(instance, history[i]));
            }

            _seen[instance] = history.Count;
        }

        foreach (var entry in _open)
        {
            entry.TellRefusals(tell);
        }

        foreach (var entry in _open.Where(entry => entry.IsTaken))
        {
            _taken++;
            tell(SimulateLine.OfTaken(entry.Instance, entry.Notification));
        }

        _open.RemoveAll(entry => entry.IsTaken);
    }
}
