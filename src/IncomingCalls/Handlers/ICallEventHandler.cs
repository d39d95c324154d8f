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
