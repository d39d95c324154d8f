using System.Collections.Concurrent;

namespace IncomingCalls.Tests.Hosting;

/// <summary>Records what the classes of the host do, and controls how they behave: fail, wait, request a retry.</summary>
internal sealed class TestRecorder
{
    private readonly Lock _gate = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];

    public List<CallEvent> Events { get; } = [];

    public List<string> Lines { get; } = [];

    /// <summary>The action of a handler before it records its line; nothing by default.</summary>
    public Func<CallEvent, CancellationToken, ValueTask> OnEvent { get; set; } = (_, _) => ValueTask.CompletedTask;

    public ConcurrentDictionary<string, int> Attempts { get; } = new();

    public void Record(string line)
    {
        lock (_gate)
        {
            Lines.Add(line);
            foreach (var (count, reached) in _waiting.Where(waiting => Lines.Count >= waiting.Count))
            {
                reached.TrySetResult();
            }
        }
    }

    /// <summary>Waits until a number of lines was recorded. Call it before the action that triggers them.</summary>
    public Task WaitForLinesAsync(int count)
    {
        lock (_gate)
        {
            if (Lines.Count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }
}

internal sealed class RecordingHandler(TestRecorder recorder) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        recorder.Attempts.AddOrUpdate(callEvent.Id, 1, (_, attempts) => attempts + 1);
        await recorder.OnEvent(callEvent, cancellationToken);
        lock (recorder.Events)
        {
            recorder.Events.Add(callEvent);
        }

        recorder.Record($"{callEvent.Kind}");
    }
}

internal sealed class RecordingNotifier(TestRecorder recorder) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => Record("raise", alert);

    public ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken) => Record("update", alert);

    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => Record("withdraw", alert);

    private ValueTask Record(string what, OperatorAlert alert)
    {
        recorder.Record($"{what} {alert.EventId} {alert.Caller.DisplayName}");
        return ValueTask.CompletedTask;
    }
}

internal sealed class RecordingChatRecorder(TestRecorder recorder) : IChatRecorder
{
    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        recorder.Record($"record {record.Text} {record.ChatId?.Value} {record.Caller.DisplayName}");
        return ValueTask.CompletedTask;
    }
}
