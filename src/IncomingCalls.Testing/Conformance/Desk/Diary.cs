namespace IncomingCalls.Testing;

/// <summary>What the handlers of a case did, across restarts, and what they are told to do.</summary>
internal sealed class Diary
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<CallEvent> _events = [];
    private readonly List<(Func<Diary, bool> Condition, TaskCompletionSource Met)> _waiting = [];

    /// <summary>What a handler does before it writes its line; it may throw or wait. Nothing by default.</summary>
    public Func<string, CallEvent, CancellationToken, Task> Script { get; set; } = static (_, _, _) => Task.CompletedTask;

    /// <summary>What a notifier does before it writes its line.</summary>
    public Func<string, OperatorAlert, CancellationToken, Task> AlertScript { get; set; } = static (_, _, _) => Task.CompletedTask;

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
    public string[] Of(string who) => [.. Lines.Where(line => line.StartsWith($"{who} ", StringComparison.Ordinal)).Select(line => line[(who.Length + 1)..])];

    public void Write(string line, CallEvent? callEvent = null)
    {
        TaskCompletionSource[] met;
        lock (_gate)
        {
            _lines.Add(line);
            if (callEvent is not null)
            {
                _events.Add(callEvent);
            }

            met = [.. _waiting.Where(waiting => waiting.Condition(this)).Select(waiting => waiting.Met)];
        }

        Array.ForEach(met, source => source.TrySetResult());
    }

    /// <summary>Completes when as many lines begin with a text; fails after half a minute.</summary>
    public async Task HasAsync(string beginning, int count = 1)
    {
        bool Holds(Diary diary) => diary._lines.Count(line => line.StartsWith(beginning, StringComparison.Ordinal)) >= count;
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (Holds(this))
            {
                return;
            }

            _waiting.Add((Holds, met));
        }

        try
        {
            await met.Task.WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new InboxConformanceException($"Expected {count} × '{beginning}…' within half a minute, but there is: {string.Join(" | ", Lines)}");
        }
    }
}
