namespace IncomingCalls.Shared;

/// <summary>Counts the operations in progress. Thread-safe.</summary>
internal sealed class InFlightTracker
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _idle;
    private volatile int _count;

    public int Count => _count;

    public void Begin()
    {
        lock (_gate)
        {
            _count++;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            if (--_count == 0)
            {
                _idle?.SetResult();
                _idle = null;
            }
        }
    }

    /// <summary>Waits until no operation is in progress. Operations that begin during the wait prolong it.</summary>
    public Task WaitUntilIdleAsync()
    {
        lock (_gate)
        {
            return _count == 0 ? Task.CompletedTask : (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
