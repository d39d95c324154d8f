namespace IncomingCalls.Sqlite.Engine;

/// <summary>Counts the tasks in progress. Thread-safe.</summary>
internal sealed class InFlightTracker
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _idle;

    public int Count { get; private set; }

    public void Begin()
    {
        lock (_gate)
        {
            Count++;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            if (--Count == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    /// <summary>Waits until no task is in progress.</summary>
    public Task WaitUntilIdleAsync()
    {
        lock (_gate)
        {
            _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Count == 0)
            {
                _idle.SetResult();
            }

            return _idle.Task;
        }
    }
}
