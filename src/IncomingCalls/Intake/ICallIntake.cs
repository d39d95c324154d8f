using IncomingCalls.Wire;

namespace IncomingCalls;

/// <summary>The entry point for notifications, which every transport uses: the webhook, the poller, a bot framework, a test.</summary>
/// <remarks>Thread-safe.</remarks>
public interface ICallIntake
{
    /// <summary>Accepts one notification, in the form of a webhook request or of a poll.</summary>
    /// <param name="utf8Json">The JSON document. It is not used after the returned task completes.</param>
    /// <param name="cancellationToken">Cancels the wait of the transport. Handlers that are already running continue.</param>
    /// <returns>A task whose result is the outcome, and whether the transport is to acknowledge the notification.</returns>
    /// <exception cref="CallInboxUnavailableException">The notification was not accepted. Do not acknowledge it; the gateway sends it again.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled. Do not acknowledge the notification.</exception>
    ValueTask<IntakeResult> AcceptAsync(ReadOnlyMemory<byte> utf8Json, CancellationToken cancellationToken = default);

    /// <summary>Accepts one notification together with what the transport knows about it.</summary>
    /// <param name="request">The notification.</param>
    /// <param name="cancellationToken">Cancels the wait of the transport. Handlers that are already running continue.</param>
    /// <returns>A task whose result is the outcome, and whether the transport is to acknowledge the notification.</returns>
    /// <exception cref="CallInboxUnavailableException">The notification was not accepted. Do not acknowledge it; the gateway sends it again.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled. Do not acknowledge the notification.</exception>
    ValueTask<IntakeResult> AcceptAsync(IntakeRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until the inbox is open for the first time. A transport that polls calls it first: a notification that it has received from the
    /// queue but cannot store is delayed, although another process may be able to store it.
    /// </summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task that completes when the inbox is open; most inboxes are open at once.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}

/// <summary>A notification and what its transport knows about it.</summary>
public sealed class IntakeRequest
{
    /// <summary>The JSON document, in the form of a webhook request or of a poll.</summary>
    public required ReadOnlyMemory<byte> Utf8Json { get; init; }

    /// <summary>The instances that the token or the route belongs to. The notification must name one of them; null allows every instance.</summary>
    public IReadOnlyCollection<long>? ExpectedIdInstances { get; init; }

    /// <summary>Whether <see cref="Utf8Json"/> is only the beginning of a document, which is quarantined without being read.</summary>
    /// <value>Default: false.</value>
    public bool IsTruncated { get; init; }

    /// <summary>
    /// The maximum length of a notification that is stored, in bytes. Of a longer one the beginning is quarantined, unless it is of another type:
    /// those are passed to their handlers whatever their length.
    /// </summary>
    /// <value>Default: 1,048,576 (1 MiB).</value>
    public int SizeLimit { get; init; } = DefaultSizeLimit;

    /// <summary>
    /// Whether the transport handles notifications of other types itself, as a controller of the host does. The handlers of other notifications are
    /// then not called, and it is not logged that nothing handles them.
    /// </summary>
    /// <value>Default: false.</value>
    public bool HandlesOtherTypes { get; init; }

    internal const int DefaultSizeLimit = 1024 * 1024;
}

/// <summary>Extension methods of <see cref="ICallIntake"/>.</summary>
public static class CallIntakeExtensions
{
    /// <summary>Accepts a notification that the host has as an object, by serializing it to the wire format.</summary>
    /// <param name="intake">The intake.</param>
    /// <param name="notification">The notification.</param>
    /// <param name="cancellationToken">Cancels the wait of the transport. Handlers that are already running continue.</param>
    /// <returns>A task whose result is the outcome, and whether the transport is to acknowledge the notification.</returns>
    /// <exception cref="CallInboxUnavailableException">The notification was not accepted. Do not acknowledge it.</exception>
    public static ValueTask<IntakeResult> AcceptAsync(
        this ICallIntake intake, IncomingCallNotification notification, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(intake);
        ArgumentNullException.ThrowIfNull(notification);
        return intake.AcceptAsync(NotificationWriter.Write(notification), cancellationToken);
    }
}
