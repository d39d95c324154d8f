namespace IncomingCalls.Infrastructure;

/// <summary>Waits for the host's code no longer than its time limit and a grace; code that overstays runs on with its scope, observed.</summary>
internal static class HandlerWatchdog
{
    /// <summary>How long code may take to return once its token is cancelled, before it is left alone.</summary>
    public static readonly TimeSpan AbandonAfter = TimeSpan.FromSeconds(5);

    /// <param name="running">The host's code, which disposes its scope itself.</param>
    /// <param name="limit">After which its token is cancelled.</param>
    /// <param name="time">The clock.</param>
    /// <param name="abandoned">Told when it is left alone.</param>
    /// <param name="failedLater">Told when it fails after that.</param>
    /// <exception cref="TimeoutException">It is left alone.</exception>
    public static async ValueTask WaitAsync(
        ValueTask running, TimeSpan limit, TimeProvider time, Action abandoned, Action<Exception> failedLater)
    {
        if (running.IsCompleted)
        {
            await running.ConfigureAwait(false);
            return;
        }

        var task = running.AsTask();
        try
        {
            await task.WaitAsync(limit + AbandonAfter, time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            abandoned();
            _ = ObserveAsync(task, failedLater);
            throw;
        }
    }

    private static async Task ObserveAsync(Task task, Action<Exception> failedLater)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failedLater(e);
        }
    }
}

/// <summary>
/// A token that is signalled after a time, or with another token. One source rather than two linked ones: every attempt of every
/// handler has one.
/// </summary>
internal sealed class LinkedTimeout : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;

    public LinkedTimeout(TimeSpan limit, TimeProvider time, CancellationToken other)
    {
        _source = new(limit, time);
        _registration = other.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        // First, so that nobody cancels what is disposed.
        _registration.Dispose();
        _source.Dispose();
    }
}
