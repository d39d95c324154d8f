using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>Where an accepted notification waits until every handler has succeeded. It alone decides what may be acknowledged.</summary>
/// <remarks>The contract is experimental until the inline, SQLite and Orleans inboxes share it. Safe to use from any thread.</remarks>
[Experimental("ICEXP001")]
public interface ICallInbox
{
    /// <summary>Whether <see cref="QuarantineAsync"/> survives a restart.</summary>
    bool IsDurable { get; }

    /// <summary>Opens the inbox, before any transport starts. Until it is open nothing can be accepted.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When it is open, or goes on opening by itself.</returns>
    /// <exception cref="InvalidOperationException">It can never be opened as it is configured; the message says what to do.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Waits until the inbox is open for the first time.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When it is open; by default at once, for an inbox that is open when <see cref="StartAsync"/> returns.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Closes the inbox, after the transports stopped: finishes what is under way, and leaves the rest for the next start.</summary>
    /// <param name="cancellationToken">Signalled when the host can wait no longer.</param>
    /// <returns>When it is closed.</returns>
    /// <exception cref="InvalidOperationException">It turned out after the start that it can never be opened, which is why the host stops.</exception>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>Reduces, decides and keeps one call notification.</summary>
    /// <param name="received">The notification.</param>
    /// <param name="cancellationToken">Ends the wait, not the work.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="CallInboxUnavailableException">It could not be kept.</exception>
    ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken);

    /// <summary>Keeps what cannot be read.</summary>
    /// <param name="item">The bytes and the reason.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When it is kept.</returns>
    /// <exception cref="CallInboxUnavailableException">It could not be kept.</exception>
    ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken);
}
