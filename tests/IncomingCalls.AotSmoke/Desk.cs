using System.Collections.Concurrent;

namespace IncomingCalls.AotSmoke;

internal sealed class Desk : ICallEventHandler, IChatRecorder, IOperatorNotifier
{
    private readonly TaskCompletionSource _withdrawn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<string> Events { get; } = new();

    public ConcurrentQueue<string> Records { get; } = new();

    public ConcurrentQueue<string> Alerts { get; } = new();

    public Task WithdrawnAsync() => _withdrawn.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        Events.Enqueue(callEvent.Kind.ToString());
        return default;
    }

    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        Records.Enqueue(record.Text);
        return default;
    }

    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        Alerts.Enqueue("raised");
        return default;
    }

    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        Alerts.Enqueue("withdrawn");
        _withdrawn.TrySetResult();
        return default;
    }
}
