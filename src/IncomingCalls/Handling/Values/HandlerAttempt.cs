using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Infrastructure;

namespace IncomingCalls.Inbox;

/// <summary>The run of a handler on whose behalf values are read and written. Thread-safe.</summary>
[Experimental("ICEXP001")]
public sealed class HandlerAttempt
{
    private readonly Lock _gate = new();
    private int _running;
    private bool _hasEnded;
    private TaskCompletionSource? _idle;

    internal HandlerAttempt(string handlerName, bool hasDelivery, DateTimeOffset startedAt) => (HandlerName, HasDelivery, StartedAt) = (handlerName, hasDelivery, startedAt);

    /// <summary>Creates a run that is no attempt of a delivery, for a package that stores values of its own. It does not end.</summary>
    /// <param name="name">The name under which the values are stored: that of the package, which no handler has.</param>
    /// <returns>The run.</returns>
    public static HandlerAttempt WithoutDelivery(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(name, hasDelivery: false, DateTimeOffset.MaxValue);
    }

    /// <summary>The name of the handler.</summary>
    public string HandlerName { get; }

    /// <summary>Whether the run is an attempt of a delivery. It is not when the name of a raised alert is updated, or the alert expires.</summary>
    public bool HasDelivery { get; }

    /// <summary>When the run has started. What it saves of a person who was erased afterwards is discarded, see <see cref="ErasureList"/>.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Begins a call of the store, which <see cref="EndCall"/> ends.</summary>
    /// <exception cref="InvalidOperationException">The attempt has ended.</exception>
    internal void BeginCall()
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                throw new InvalidOperationException("The attempt of the handler has ended, and with it its ICallHandlerStore. A handler must stop when its token is cancelled, and await its calls before it returns.");
            }

            _running++;
        }
    }

    /// <summary>Ends a call of the store.</summary>
    internal void EndCall()
    {
        lock (_gate)
        {
            if (--_running == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    /// <summary>
    /// Ends the attempt: no further call begins. Waits for the running ones, so that nothing is written once the next attempt may run; not for long, because the store may be unable to answer.
    /// </summary>
    /// <param name="time">The clock.</param>
    internal ValueTask EndAsync(TimeProvider time)
    {
        lock (_gate)
        {
            _hasEnded = true;
            if (_running == 0)
            {
                return ValueTask.CompletedTask;
            }

            _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new(WaitAsync(_idle.Task, time));
    }

    private static async Task WaitAsync(Task idle, TimeProvider time)
    {
        try
        {
            await idle.WaitAsync(HandlerWatchdog.AbandonAfter, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A store that can be written by several nodes has a fence of its own.
        }
    }
}
