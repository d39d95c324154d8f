
namespace IncomingCalls;

/// <summary>
/// Does the host's work for a call event. Register it with
/// <see cref="Microsoft.Extensions.DependencyInjection.IncomingCallsBuilderExtensions.AddHandler{T}(Microsoft.Extensions.DependencyInjection.IIncomingCallsBuilder, string?)"/>.
/// </summary>
/// <remarks>
/// Runs at least once per event, in a fresh scope for each attempt. It sees the events of one call in order; different calls
/// run in parallel. An exception is a failed attempt, which is repeated later without making other handlers run again; see
/// <see cref="CallEventRetryException"/> and <see cref="CallEventRejectedException"/> to steer that.
/// </remarks>
public interface ICallEventHandler
{
    /// <summary>Handles one event.</summary>
    /// <param name="callEvent">What happened.</param>
    /// <param name="cancellationToken">Signalled when the time limit of the handler passes or the host stops; not when a webhook client goes away.</param>
    /// <returns>When the work is done.</returns>
    ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken);
}

/// <summary>Thrown by a handler: try this event again after a time of the handler's choice.</summary>
public class CallEventRetryException : Exception
{
    /// <summary>Asks for another attempt.</summary>
    /// <param name="delay">How long to wait; not negative.</param>
    /// <param name="message">Why, for the log; no phone numbers, please.</param>
    /// <param name="innerException">What went wrong.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative.</exception>
    public CallEventRetryException(TimeSpan delay, string? message = null, Exception? innerException = null)
        : base(message ?? "The handler asked to be tried again later.", innerException)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Delay = delay;
    }

    /// <summary>How long to wait before the next attempt. In the inline inbox at most the time left for the delivery.</summary>
    public TimeSpan Delay { get; }
}

/// <summary>Thrown by a handler: this event will never succeed; give it up now, without further attempts.</summary>
public class CallEventRejectedException : Exception
{
    /// <summary>Gives the event up.</summary>
    /// <param name="message">Why, for the log and the dead letter; no phone numbers, please.</param>
    /// <param name="innerException">What went wrong.</param>
    public CallEventRejectedException(string? message = null, Exception? innerException = null)
        : base(message ?? "The handler rejected the event.", innerException)
    {
    }
}
