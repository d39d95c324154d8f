namespace IncomingCalls.LoadTests;

/// <summary>How many notifications have been handled, and a way to wait for a number of them.</summary>
internal sealed class HandledCounter
{
    private readonly Lock _gate = new();
    private long _count;
    private long _awaited = long.MaxValue;
    private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Add()
    {
        if (Interlocked.Increment(ref _count) >= Volatile.Read(ref _awaited))
        {
            lock (_gate)
            {
                _reached.TrySetResult();
            }
        }
    }

    /// <summary>Waits for a number; one waiter at a time.</summary>
    public Task WaitForAsync(long count, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref _awaited, count);
            return Interlocked.Read(ref _count) >= count ? Task.CompletedTask : _reached.Task.WaitAsync(cancellationToken);
        }
    }
}
