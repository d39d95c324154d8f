namespace IncomingCalls;

/// <summary>
/// Receives the notifications of other types, messages for example, that share the queue and the webhook URL with calls.
/// </summary>
/// <remarks>
/// Runs before the acknowledgement, in a fresh scope, on the process that received the notification. While it fails the
/// gateway sends the same notification again and everything behind it waits; after repeated failures it is given up, see
/// <see cref="IncomingCallsOptions.GiveUpAfter"/>.
/// </remarks>
public interface IOtherNotificationHandler
{
    /// <summary>Handles one foreign notification.</summary>
    /// <param name="notification">The notification; its bytes are valid until the returned task completes.</param>
    /// <param name="cancellationToken">Signalled when the time limit passes or the host stops.</param>
    /// <returns>When the work is done.</returns>
    ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken);
}
