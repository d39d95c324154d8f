using System.Collections.Concurrent;

namespace IncomingCalls.Tests.Hosting;

/// <summary>What the host's own classes did, and what they are told to do: fail, wait, ask for time.</summary>
internal sealed class TestRecorder
{
    private readonly Lock _gate = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];

    public List<CallEvent> Events { get; } = [];

    public List<string> Lines { get; } = [];

    /// <summary>What a handler does before it writes its line; nothing by default.</summary>
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

    /// <summary>Completes when there are that many lines. Arm it before the trigger.</summary>
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

internal sealed class RecordingHandler(TestRecorder journal) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        journal.Attempts.AddOrUpdate(callEvent.Id, 1, (_, attempts) => attempts + 1);
        await journal.OnEvent(callEvent, cancellationToken);
        lock (journal.Events)
        {
            journal.Events.Add(callEvent);
        }

        journal.Record($"{callEvent.Kind}");
    }
}

internal sealed class RecordingNotifier(TestRecorder journal) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => Record("raise", alert);

    public ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken) => Record("update", alert);

    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => Record("withdraw", alert);

    private ValueTask Record(string what, OperatorAlert alert)
    {
        journal.Record($"{what} {alert.EventId} {alert.Caller.DisplayName}");
        return ValueTask.CompletedTask;
    }
}

internal sealed class RecordingChatRecorder(TestRecorder journal) : IChatRecorder
{
    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        journal.Record($"record {record.Text} {record.ChatId?.Value} {record.Caller.DisplayName}");
        return ValueTask.CompletedTask;
    }
}
