namespace IncomingCalls.Testing.Conformance.Harness;

/// <summary>Records the calls of the handlers of a case across restarts, and defines their behavior. Safe to use from any thread.</summary>
internal sealed class HandlerRecorder
{
    private readonly Lock _gate = new();
    private readonly List<string> _entries = [];
    private readonly List<CallEvent> _events = [];
    private readonly List<ChatRecord> _records = [];
    private readonly List<(Func<HandlerRecorder, bool> Condition, TaskCompletionSource Met)> _waiters = [];

    /// <summary>The behavior of a handler before it records its entry; it may throw or wait. By default it does nothing.</summary>
    public Func<string, CallEvent, CancellationToken, Task> HandlerBehavior { get; set; } = static (_, _, _) => Task.CompletedTask;

    /// <summary>The behavior of a <see cref="StoringHandler"/> before it records its entry. By default it does nothing.</summary>
    public Func<StoringContext, CancellationToken, Task> StoringBehavior { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>The behavior of a notifier before it records its entry. By default it does nothing.</summary>
    public Func<string, OperatorAlert, CancellationToken, Task> NotifierBehavior { get; set; } = static (_, _, _) => Task.CompletedTask;

    /// <summary>Looks up the name of a caller; null when there is none. By default there is none.</summary>
    public Func<CallerNameQuery, CancellationToken, Task<string?>> NameLookup { get; set; } = static (_, _) => Task.FromResult<string?>(null);

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

    public IReadOnlyList<ChatRecord> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>Gets the entries of one handler, without its name.</summary>
    public string[] EntriesOf(string handler) => [.. Entries.Where(entry => entry.StartsWith($"{handler} ", StringComparison.Ordinal)).Select(entry => entry[(handler.Length + 1)..])];

    public void Record(string entry, CallEvent? callEvent = null, ChatRecord? record = null)
    {
        TaskCompletionSource[] met;
        lock (_gate)
        {
            _entries.Add(entry);
            if (callEvent is not null)
            {
                _events.Add(callEvent);
            }

            if (record is not null)
            {
                _records.Add(record);
            }

            met = [.. _waiters.Where(waiter => waiter.Condition(this)).Select(waiter => waiter.Met)];
        }

        Array.ForEach(met, source => source.TrySetResult());
    }

    /// <summary>Waits until <paramref name="count"/> entries start with a prefix; fails after 30 seconds.</summary>
    public async Task WaitForEntriesAsync(string prefix, int count = 1)
    {
        bool IsMet(HandlerRecorder recorder) => recorder._entries.Count(entry => entry.StartsWith(prefix, StringComparison.Ordinal)) >= count;
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (IsMet(this))
            {
                return;
            }

            _waiters.Add((IsMet, met));
        }

        try
        {
            await met.Task.WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new InboxConformanceException($"Expected {count} × '{prefix}…' within 30 seconds, but the entries are: {string.Join(" | ", Entries)}");
        }
    }
}

/// <summary>A handler that runs <see cref="HandlerRecorder.HandlerBehavior"/> and then records an entry.</summary>
internal abstract class RecordingHandler(string name, HandlerRecorder recorder) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await recorder.HandlerBehavior(name, callEvent, cancellationToken).ConfigureAwait(false);
        recorder.Record($"{name} {callEvent.Kind} {callEvent.Call.Key.IdMessage}", callEvent);
    }
}

/// <summary>The first of two handlers.</summary>
internal sealed class FirstHandler(HandlerRecorder recorder) : RecordingHandler(Name, recorder)
{
    public const string Name = "first";
}

/// <summary>The second of two handlers.</summary>
internal sealed class SecondHandler(HandlerRecorder recorder) : RecordingHandler(Name, recorder)
{
    public const string Name = "second";
}

/// <summary>A handler whose activation fails.</summary>
internal sealed class FailingConstructorHandler : ICallEventHandler
{
    public const string Name = "broken";

    public FailingConstructorHandler() => throw new InvalidOperationException("The activation of this handler fails on purpose.");

    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>Records an entry for each alert that is raised or withdrawn.</summary>
internal sealed class RecordingNotifier(HandlerRecorder recorder) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => RecordAsync("raise", alert, cancellationToken);

    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => RecordAsync("withdraw", alert, cancellationToken);

    private async ValueTask RecordAsync(string action, OperatorAlert alert, CancellationToken cancellationToken)
    {
        await recorder.NotifierBehavior(action, alert, cancellationToken).ConfigureAwait(false);
        recorder.Record($"{action} {alert.Call.Key.IdMessage}");
    }
}

/// <summary>Records an entry for each chat record.</summary>
internal sealed class RecordingChatRecorder(HandlerRecorder recorder) : IChatRecorder
{
    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        recorder.Record($"record {record.Label} {record.Call.Key.IdMessage}", record: record);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Resolves names with <see cref="HandlerRecorder.NameLookup"/>.</summary>
internal sealed class LookedUpNames(HandlerRecorder recorder) : ICallerNameResolver
{
    public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) =>
        await recorder.NameLookup(query, cancellationToken).ConfigureAwait(false) is { } name ? new() { Name = name, Source = "test" } : null;
}
