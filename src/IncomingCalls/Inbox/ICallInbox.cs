using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>
/// Accepts, stores, deduplicates and dispatches notifications. A notification may be acknowledged only when the inbox has accepted it.
/// </summary>
/// <remarks>Implementations are thread-safe.</remarks>
[Experimental("ICEXP001")]
public interface ICallInbox
{
    /// <summary>Whether accepted notifications and the quarantine are stored durably, so that they survive a restart.</summary>
    bool IsDurable { get; }

    /// <summary>
    /// The clock of the times that the inbox stores; null, the default, for that of the host. An inbox that several nodes share has one clock for all of them, so that
    /// a node whose clock is wrong handles nothing too early or too late.
    /// </summary>
    TimeProvider? Clock => null;

    /// <summary>Opens the inbox, before any transport starts. Nothing is accepted until it is open.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task that completes when the inbox is open, or when it continues to open in the background.</returns>
    /// <exception cref="InvalidOperationException">The inbox cannot be opened with its configuration, and a retry would not help; the message says what to do.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Waits until the inbox is open for the first time.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>
    /// A task that completes when the inbox is open. The default implementation returns a completed task, for inboxes that are open when
    /// <see cref="StartAsync"/> completes.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Closes the inbox, after the transports have stopped: drains the running attempts. Pending deliveries remain for the next start.</summary>
    /// <param name="cancellationToken">Ends the wait for running attempts; signalled when the shutdown timeout of the host has elapsed.</param>
    /// <returns>A task that completes when the inbox is closed.</returns>
    /// <exception cref="InvalidOperationException">The inbox failed to open in the background after the start, which has stopped the host.</exception>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>Applies one call notification to its call, and stores the result with the deliveries that follow from it.</summary>
    /// <param name="received">The notification with the policy's decision.</param>
    /// <param name="cancellationToken">Ends the wait. The notification may be stored nevertheless.</param>
    /// <returns>A task whose result is the outcome.</returns>
    /// <exception cref="UnreadableCallException">The stored state of the call cannot be read, so the notification was not accepted.</exception>
    /// <exception cref="CallInboxUnavailableException">The notification was not accepted.</exception>
    ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken);

    /// <summary>
    /// Records that a notification of any type was received from an instance. Inboxes that several nodes share pass it on to the other nodes; the default
    /// implementation does nothing. It neither waits nor throws, and what it records may be lost.
    /// </summary>
    /// <param name="idInstance">The instance.</param>
    /// <param name="receivedAt">When the notification was received, in UTC.</param>
    /// <param name="lag">How long after its timestamp the notification was received; null when it has none.</param>
    void RecordReceipt(long idInstance, DateTimeOffset receivedAt, TimeSpan? lag)
    {
    }

    /// <summary>Stores a notification in the quarantine.</summary>
    /// <param name="item">The notification and the reason.</param>
    /// <param name="cancellationToken">Ends the wait. The notification may be stored nevertheless.</param>
    /// <returns>A task that completes when the notification is stored.</returns>
    /// <exception cref="CallInboxUnavailableException">The notification was not stored.</exception>
    ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken);

    /// <summary>
    /// Returns whether every pending delivery waits for a retry, for a redelivery by the gateway, for a pause, for a settle time or for the call journal. While a delivery runs,
    /// is due, or waits for the caller's name, the inbox is not idle. Tests wait with it until the handlers have run.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is whether the inbox is idle.</returns>
    /// <exception cref="NotSupportedException">The inbox does not know; the default implementation throws this exception.</exception>
    /// <exception cref="CallInboxUnavailableException">The inbox is not open, or cannot be read.</exception>
    ValueTask<bool> IsIdleAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException($"The inbox {GetType().Name} does not report whether it is idle. Wait for what your handlers write instead.");
}
