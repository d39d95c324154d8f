using System.Collections.Concurrent;

namespace IncomingCalls.AotSmoke;

internal sealed class EventRecorder : ICallEventHandler, IChatRecorder, IOperatorNotifier
{
    // Two events, two records, an alert raised and withdrawn, in any order, since handlers do not wait for each other.
    private readonly CountdownEvent _expected = new(6);
    private readonly TaskCompletionSource _raised = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<string> Events { get; } = new();

    public ConcurrentQueue<string> Records { get; } = new();

    public ConcurrentQueue<string> Alerts { get; } = new();

    public Task WaitUntilRaisedAsync() => _raised.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public Task<bool> WaitUntilDoneAsync() => Task.Run(() => _expected.Wait(TimeSpan.FromSeconds(30)));

    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        Events.Enqueue(callEvent.Kind.ToString());
        _expected.Signal();
        return default;
    }

    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        Records.Enqueue(record.Text);
        _expected.Signal();
        return default;
    }

    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        Alerts.Enqueue("raised");
        _raised.SetResult();
        _expected.Signal();
        return default;
    }

    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        Alerts.Enqueue("withdrawn");
        _expected.Signal();
        return default;
    }
}
