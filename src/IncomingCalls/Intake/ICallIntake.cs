using IncomingCalls.Wire;

namespace IncomingCalls;

/// <summary>The one door for notifications. Every transport uses it: webhook, poller, a bot framework, a test.</summary>
/// <remarks>Safe to use from any thread.</remarks>
public interface ICallIntake
{
    /// <summary>Takes one notification, bare or in the polled form.</summary>
    /// <param name="utf8Json">The JSON document; it is not used after the returned task completes.</param>
    /// <param name="cancellationToken">Ends the wait of the transport; handlers that run already go on.</param>
    /// <returns>What became of it, and whether the gateway may be told to forget it.</returns>
    /// <exception cref="CallInboxUnavailableException">Nothing could be kept: do not acknowledge, the gateway sends it again.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled: do not acknowledge.</exception>
    ValueTask<IntakeResult> AcceptAsync(ReadOnlyMemory<byte> utf8Json, CancellationToken cancellationToken = default);

    /// <summary>Takes one notification together with what the transport knows about it.</summary>
    /// <param name="request">The notification.</param>
    /// <param name="cancellationToken">Ends the wait of the transport; handlers that run already go on.</param>
    /// <returns>What became of it, and whether the gateway may be told to forget it.</returns>
    /// <exception cref="CallInboxUnavailableException">Nothing could be kept: do not acknowledge, the gateway sends it again.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled: do not acknowledge.</exception>
    ValueTask<IntakeResult> AcceptAsync(IntakeRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until something can be kept for the first time. A transport that fetches waits for it: what it took out of a queue and
    /// could not hand over would be late, while another process may be there to keep it.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When the inbox is open, which most are at once.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}

/// <summary>A notification and what its transport knows about it.</summary>
public sealed class IntakeRequest
{
    /// <summary>The JSON document, bare or in the polled form.</summary>
    public required ReadOnlyMemory<byte> Utf8Json { get; init; }

    /// <summary>The instances that the token or the route belongs to; the notification must name one of them. Null when any may come.</summary>
    public IReadOnlyCollection<long>? ExpectedIdInstances { get; init; }

    /// <summary>Whether <see cref="Utf8Json"/> is only the beginning of a document that was too long: it goes to quarantine unread.</summary>
    public bool IsTruncated { get; init; }
}

/// <summary>Conveniences around <see cref="ICallIntake"/>.</summary>
public static class CallIntakeExtensions
{
    /// <summary>Takes a notification that the host has as an object, by writing its wire form.</summary>
    /// <param name="intake">The intake.</param>
    /// <param name="notification">The notification.</param>
    /// <param name="cancellationToken">Ends the wait of the transport; handlers that run already go on.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="CallInboxUnavailableException">Nothing could be kept: do not acknowledge.</exception>
    public static ValueTask<IntakeResult> AcceptAsync(
        this ICallIntake intake, IncomingCallNotification notification, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(intake);
        ArgumentNullException.ThrowIfNull(notification);
        return intake.AcceptAsync(NotificationWriter.Write(notification), cancellationToken);
    }
}
