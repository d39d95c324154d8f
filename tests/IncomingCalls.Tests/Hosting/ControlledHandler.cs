namespace IncomingCalls.Tests.Hosting;

/// <summary>A handler whose attempts wait until the test releases them. It ignores its cancellation token.</summary>
internal sealed class ControlledHandler : ICallEventHandler
{
    private readonly SemaphoreSlim _started = new(0);
    private int _attempts;

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Attempts => Volatile.Read(ref _attempts);

    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _attempts);
        _started.Release();
        return new(Release.Task);
    }

    /// <summary>Waits until a number of further attempts has started.</summary>
    public Task WaitForAttemptsAsync(int count) => _started.WaitForAsync(count);
}

/// <summary>A notifier whose alerts wait until the test releases them. It ignores its cancellation token.</summary>
internal sealed class HangingNotifier : IOperatorNotifier
{
    private readonly SemaphoreSlim _started = new(0);

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        _started.Release();
        return new(Release.Task);
    }

    /// <summary>Waits until a number of further alerts has been raised.</summary>
    public Task WaitForAlertsAsync(int count) => _started.WaitForAsync(count);
}

internal static class SemaphoreExtensions
{
    /// <summary>Waits until a number of permits was released.</summary>
    public static async Task WaitForAsync(this SemaphoreSlim semaphore, int count)
    {
        for (var permit = 0; permit < count; permit++)
        {
            (await semaphore.WaitAsync(TimeSpan.FromSeconds(10))).Should().BeTrue("{0} of {1} should follow within ten seconds", count - permit, count);
        }
    }
}
