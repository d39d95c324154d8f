namespace IncomingCalls.Tests.Hosting;

/// <summary>Records what the classes of the host do, and controls how they behave: fail, wait, request a retry.</summary>
internal sealed class TestRecorder
{
    private readonly Lock _gate = new();
    private readonly List<(Func<bool> IsReached, TaskCompletionSource Reached)> _waiting = [];
    private readonly List<CallEvent> _events = [];
    private readonly List<string> _lines = [];
    private readonly Dictionary<string, int> _attempts = [];

    /// <summary>The events that the handlers have handled, in order.</summary>
    public IReadOnlyList<CallEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The number of attempts that have started, by event.</summary>
    public IReadOnlyDictionary<string, int> Attempts
    {
        get
        {
            lock (_gate)
            {
                return _attempts.ToDictionary();
            }
        }
    }

    /// <summary>The action of a handler before it records its line; nothing by default.</summary>
    public Func<CallEvent, CancellationToken, ValueTask> OnEvent { get; set; } = (_, _) => ValueTask.CompletedTask;

    public void RecordAttempt(string eventId) => Change(() => _attempts[eventId] = _attempts.GetValueOrDefault(eventId) + 1);

    public void Record(string line, CallEvent? callEvent = null) => Change(() =>
    {
        _lines.Add(line);
        if (callEvent is not null)
        {
            _events.Add(callEvent);
        }
    });

    /// <summary>Waits until a number of lines was recorded.</summary>
    public Task WaitForLinesAsync(int count) => WaitAsync(() => _lines.Count >= count);

    /// <summary>Waits until a number of attempts has started.</summary>
    public Task WaitForAttemptsAsync(int count) => WaitAsync(() => _attempts.Values.Sum() >= count);

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            foreach (var (_, reached) in _waiting.Where(static waiting => waiting.IsReached()))
            {
                reached.TrySetResult();
            }
        }
    }

    private Task WaitAsync(Func<bool> isReached)
    {
        lock (_gate)
        {
            if (isReached())
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((isReached, reached));
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }
}

internal sealed class RecordingHandler(TestRecorder recorder) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        recorder.RecordAttempt(callEvent.Id);
        await recorder.OnEvent(callEvent, cancellationToken);
        recorder.Record($"{callEvent.Kind}", callEvent);
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
