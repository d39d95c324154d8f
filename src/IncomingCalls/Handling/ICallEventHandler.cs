
namespace IncomingCalls;

/// <summary>
/// Handles call events on behalf of the host. Register it with
/// <see cref="Microsoft.Extensions.DependencyInjection.IncomingCallsBuilderExtensions.AddHandler{T}(Microsoft.Extensions.DependencyInjection.IIncomingCallsBuilder, string?)"/>.
/// </summary>
/// <remarks>
/// A handler runs at least once per event, so it should be idempotent; <see cref="CallEvent.Id"/> is the idempotency key. Each attempt has a
/// fresh scope. The events of one call are handled in order; different calls are handled in parallel. An exception is a failed attempt, which
/// is retried without running other handlers again; throw <see cref="CallEventRetryException"/>, <see cref="DestinationUnavailableException"/> or
/// <see cref="CallEventRejectedException"/> to control the retries.
/// </remarks>
public interface ICallEventHandler
{
    /// <summary>Handles one event.</summary>
    /// <param name="callEvent">The event.</param>
    /// <param name="cancellationToken">Signalled when the handler's timeout elapses or the host stops; not when a webhook client disconnects.</param>
    /// <returns>A task that completes when the event is handled.</returns>
    ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken);
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
