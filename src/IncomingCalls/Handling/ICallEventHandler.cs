
namespace IncomingCalls;

/// <summary>
/// Handles call events on behalf of the host. Register it with
/// <see cref="Microsoft.Extensions.DependencyInjection.IncomingCallsBuilderExtensions.AddHandler{T}(Microsoft.Extensions.DependencyInjection.IIncomingCallsBuilder, string?)"/>.
/// </summary>
/// <remarks>
/// A handler runs at least once per event, so it should be idempotent; <see cref="CallEvent.Id"/> is the idempotency key. Each attempt has a
/// fresh scope. The events of one call are handled in order; different calls are handled in parallel. An exception is a failed attempt, which
/// is retried without running other handlers again; throw <see cref="CallEventRetryException"/> or <see cref="CallEventRejectedException"/>
/// to control the retries.
/// </remarks>
public interface ICallEventHandler
{
    /// <summary>Handles one event.</summary>
    /// <param name="callEvent">The event.</param>
    /// <param name="cancellationToken">Signalled when the handler's timeout elapses or the host stops; not when a webhook client disconnects.</param>
    /// <returns>A task that completes when the event is handled.</returns>
    ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken);
}

/// <summary>Thrown by a handler to have the event retried after a delay that the handler chooses.</summary>
public class CallEventRetryException : Exception
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(30);

    /// <summary>Initializes the exception with the delay before the next attempt.</summary>
    /// <param name="delay">The delay before the next attempt; not negative. More than 30 days are 30 days.</param>
    /// <param name="message">The reason, for the log. It should contain no phone numbers.</param>
    /// <param name="innerException">The exception that caused the failure.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative.</exception>
    public CallEventRetryException(TimeSpan delay, string? message = null, Exception? innerException = null)
        : base(message ?? "The handler requested a retry after a delay.", innerException)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Delay = delay < MaxDelay ? delay : MaxDelay;
    }

    /// <summary>
    /// The delay before the next attempt. The in-memory inbox retries only within <see cref="IncomingCallsOptions.AcknowledgementTimeout"/>; after
    /// a longer delay the gateway's redelivery is the next attempt.
    /// </summary>
    public TimeSpan Delay { get; }
}

/// <summary>Thrown by a handler to reject an event that can never succeed: it is not retried.</summary>
public class CallEventRejectedException : Exception
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="message">The reason, for the log and the dead letter. It should contain no phone numbers.</param>
    /// <param name="innerException">The exception that caused the failure.</param>
    public CallEventRejectedException(string? message = null, Exception? innerException = null)
        : base(message ?? "The handler rejected the event.", innerException)
    {
    }
}
