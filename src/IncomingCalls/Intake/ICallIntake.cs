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
