namespace IncomingCalls;

/// <summary>
/// Handles notifications of other types, for example messages, which share the queue and the webhook URL with calls.
/// </summary>
/// <remarks>
/// The handler runs before the acknowledgement, in a fresh scope, in the process that received the notification. While it fails, the gateway
/// redelivers the notification, and all notifications behind it in the queue wait; after repeated failures the notification is given up, see
/// <see cref="IncomingCallsOptions.GiveUpAfter"/>.
/// </remarks>
public interface IOtherNotificationHandler
{
    /// <summary>Handles one notification.</summary>
    /// <param name="notification">The notification. Its bytes are valid until the returned task completes.</param>
    /// <param name="cancellationToken">Signalled when <see cref="IncomingCallsOptions.HandlerTimeout"/> or <see cref="IncomingCallsOptions.AcknowledgementTimeout"/> elapses.</param>
    /// <returns>A task that completes when the notification is handled.</returns>
    ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken);
}
