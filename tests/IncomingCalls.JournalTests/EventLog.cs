using System.Collections.Concurrent;

namespace IncomingCalls.JournalTests;

/// <summary>What the handlers of all processes have received. Thread-safe.</summary>
internal sealed class EventLog(TimeProvider time)
{
    private readonly ConcurrentDictionary<CallKey, ConcurrentQueue<CallEvent>> _events = new();
    private readonly ConcurrentQueue<(CallKey Call, DateTimeOffset RaisedAt)> _alerts = new();

    public IEnumerable<CallKey> Calls => _events.Keys;

    public IReadOnlyCollection<(CallKey Call, DateTimeOffset RaisedAt)> Alerts => _alerts;

    public IReadOnlyList<CallEvent> EventsOf(CallKey call) => _events.TryGetValue(call, out var events) ? [.. events] : [];

    public void Add(CallEvent callEvent) => _events.GetOrAdd(callEvent.Call.Key, static _ => new()).Enqueue(callEvent);

    public void Add(OperatorAlert alert) => _alerts.Enqueue((alert.Call.Key, time.GetUtcNow()));
}

/// <summary>Records every event, of calls of both directions.</summary>
internal sealed class RecordingHandler(EventLog log) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        log.Add(callEvent);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Records the alerts.</summary>
internal sealed class RecordingNotifier(EventLog log) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        log.Add(alert);
        return ValueTask.CompletedTask;
    }

    public ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
