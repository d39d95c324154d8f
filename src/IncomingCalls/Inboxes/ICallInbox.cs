using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inboxes;

/// <summary>Where an accepted notification waits until every handler has succeeded. It alone decides what may be acknowledged.</summary>
/// <remarks>The contract is experimental until the inline, SQLite and Orleans inboxes share it. Safe to use from any thread.</remarks>
[Experimental("ICEXP001")]
public interface ICallInbox
{
    /// <summary>Whether <see cref="QuarantineAsync"/> survives a restart.</summary>
    bool IsDurable { get; }

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
