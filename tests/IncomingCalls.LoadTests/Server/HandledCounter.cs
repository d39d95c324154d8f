namespace IncomingCalls.LoadTests;

/// <summary>Counts handled notifications, and waits until a number of them is reached.</summary>
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

    /// <summary>Waits until the count is reached. Supports one waiter at a time.</summary>
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

/// <summary>A handler that only counts, so that the load can wait until notifications are handled and not only answered.</summary>
internal sealed class CountingHandler(HandledCounter handled) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        handled.Add();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A handler that counts its attempts and blocks until the host stops, so that a backlog builds up.</summary>
internal sealed class BlockingHandler(HandledCounter started) : ICallEventHandler
{
    /// <summary>Sets a timeout that no measurement reaches.</summary>
    public static void Configure(CallHandlerOptions options) => options.Timeout = TimeSpan.FromMinutes(10);

    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        started.Add();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
