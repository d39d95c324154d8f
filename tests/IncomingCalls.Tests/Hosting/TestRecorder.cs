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
