namespace IncomingCalls.Testing.Conformance.Harness;

/// <summary>What the handlers of a case did, across restarts, and what they are told to do.</summary>
internal sealed class HandlerRecorder
{
    private readonly Lock _gate = new();
    private readonly List<string> _entries = [];
    private readonly List<CallEvent> _events = [];
    private readonly List<(Func<HandlerRecorder, bool> Condition, TaskCompletionSource Met)> _waiters = [];

    /// <summary>What a handler does before it writes its line; it may throw or wait. Nothing by default.</summary>
    public Func<string, CallEvent, CancellationToken, Task> HandlerBehavior { get; set; } = static (_, _, _) => Task.CompletedTask;

    /// <summary>What a notifier does before it writes its line.</summary>
    public Func<string, OperatorAlert, CancellationToken, Task> NotifierBehavior { get; set; } = static (_, _, _) => Task.CompletedTask;

    public IReadOnlyList<string> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

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

    /// <summary>The lines of one handler, without its name.</summary>
    public string[] EntriesOf(string who) => [.. Entries.Where(line => line.StartsWith($"{who} ", StringComparison.Ordinal)).Select(line => line[(who.Length + 1)..])];

    public void Record(string line, CallEvent? callEvent = null)
    {
        TaskCompletionSource[] met;
        lock (_gate)
        {
            _entries.Add(line);
            if (callEvent is not null)
            {
                _events.Add(callEvent);
            }

            met = [.. _waiters.Where(waiting => waiting.Condition(this)).Select(waiting => waiting.Met)];
        }

        Array.ForEach(met, source => source.TrySetResult());
    }

    /// <summary>Completes when as many lines begin with a text; fails after half a minute.</summary>
    public async Task WaitForEntriesAsync(string beginning, int count = 1)
    {
        bool Holds(HandlerRecorder diary) => diary._entries.Count(line => line.StartsWith(beginning, StringComparison.Ordinal)) >= count;
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (Holds(this))
            {
                return;
            }

            _waiters.Add((Holds, met));
        }

        try
        {
            await met.Task.WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new InboxConformanceException($"Expected {count} × '{beginning}…' within half a minute, but there is: {string.Join(" | ", Entries)}");
        }
    }
}

/// <summary>A handler that does what the diary's script says, and writes a line.</summary>
internal abstract class RecordingHandler(string name, HandlerRecorder diary) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await diary.HandlerBehavior(name, callEvent, cancellationToken).ConfigureAwait(false);
        diary.Record($"{name} {callEvent.Kind} {callEvent.Call.Key.IdMessage}", callEvent);
    }
}

/// <summary>The first of two handlers.</summary>
internal sealed class FirstHandler(HandlerRecorder diary) : RecordingHandler(Name, diary)
{
    public const string Name = "first";
}

/// <summary>The second of two handlers.</summary>
internal sealed class SecondHandler(HandlerRecorder diary) : RecordingHandler(Name, diary)
{
    public const string Name = "second";
}

/// <summary>A handler that cannot be made.</summary>
internal sealed class FailingConstructorHandler : ICallEventHandler
{
    public const string Name = "broken";

    public FailingConstructorHandler() => throw new InvalidOperationException("This handler cannot be made.");

    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>Writes a line per alert, raised or withdrawn.</summary>
internal sealed class RecordingNotifier(HandlerRecorder diary) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => RecordAsync("raise", alert, cancellationToken);

    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => RecordAsync("withdraw", alert, cancellationToken);

    private async ValueTask RecordAsync(string what, OperatorAlert alert, CancellationToken cancellationToken)
    {
        await diary.NotifierBehavior(what, alert, cancellationToken).ConfigureAwait(false);
        diary.Record($"{what} {alert.Call.Key.IdMessage}");
    }
}

/// <summary>Writes a line per chat record.</summary>
internal sealed class RecordingChatRecorder(HandlerRecorder diary) : IChatRecorder
{
    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        diary.Record($"record {record.Label} {record.Call.Key.IdMessage}");
        return ValueTask.CompletedTask;
    }
}
