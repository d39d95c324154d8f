namespace IncomingCalls;

/// <summary>A change that waits for its write.</summary>
/// <param name="apply">Makes the next state out of the last; the same one when there is nothing to write. May run more than once.</param>
/// <param name="isLazy">Whether it may wait for somebody else's write, and be lost with a crash before that.</param>
internal sealed class StateChange<T>(Func<T, T> apply, bool isLazy)
{
    // Whoever waits goes on in the turn in which the write ended: both belong to the same grain, and a turn of its own is a task in its queue.
    private readonly TaskCompletionSource _completion = new();

    public bool IsLazy => isLazy;

    public Task Completion => _completion.Task;

    /// <summary>Why it could not be applied; the others of its write can.</summary>
    public Exception? Failure { get; private set; }

    public T Apply(T state)
    {
        Failure = null;
        try
        {
            return apply(state);
        }
        catch (Exception e)
        {
            Failure = e;
            return state;
        }
    }

    public void Complete(Exception? failure)
    {
        if ((failure ?? Failure) is { } reason)
        {
            _completion.TrySetException(reason);
        }
        else
        {
            _completion.TrySetResult();
        }
    }
}
