namespace IncomingCalls.Testing;

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
