namespace IncomingCalls.Infrastructure;

/// <summary>
/// Waits for code of the host until its timeout and a grace period have passed. Code that takes longer is abandoned: it continues
/// to run with its scope, and its failure is observed.
/// </summary>
internal static class HandlerWatchdog
{
    /// <summary>The grace period: how long code may take to return after its token was cancelled, before it is abandoned.</summary>
    public static readonly TimeSpan AbandonAfter = TimeSpan.FromSeconds(5);

    /// <summary>Waits for code of the host, or abandons it.</summary>
    /// <param name="running">The running code, which disposes its scope itself.</param>
    /// <param name="timeout">The time after which the caller cancels the token of the code.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onAbandoned">Called when the code is abandoned.</param>
    /// <param name="onFailedLater">Called when abandoned code fails.</param>
    /// <exception cref="TimeoutException">The code was abandoned.</exception>
    public static async ValueTask WaitAsync(
        ValueTask running, TimeSpan timeout, TimeProvider time, Action onAbandoned, Action<Exception> onFailedLater)
    {
        if (running.IsCompleted)
        {
            await running.ConfigureAwait(false);
            return;
        }

        var task = running.AsTask();
        try
        {
            await task.WaitAsync(timeout + AbandonAfter, time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            onAbandoned();
            _ = ObserveAsync(task, onFailedLater);
            throw;
        }
    }

    private static async Task ObserveAsync(Task task, Action<Exception> onFailedLater)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            onFailedLater(e);
        }
    }
}

/// <summary>
/// A token that is cancelled after a timeout or together with another token. It uses one token source instead of two linked ones,
/// because every attempt of every handler needs a token.
/// </summary>
internal sealed class LinkedTimeout : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;

    public LinkedTimeout(TimeSpan timeout, TimeProvider time, CancellationToken linkedToken)
    {
        _source = new(timeout, time);
        _registration = linkedToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        // The registration first, so that it cannot cancel the source after the source is disposed.
        _registration.Dispose();
        _source.Dispose();
    }
}
