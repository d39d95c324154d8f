namespace IncomingCalls;

/// <summary>
/// What an operator does with a durable inbox: look at what waits, replay or purge what failed. Every action is one transaction
/// and may be repeated without harm. Safe to use from any thread.
/// </summary>
public interface ICallInboxAdministration
{
    /// <summary>How much waits, and since when.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The figures of this moment.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<InboxStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default);

    /// <summary>The dead letters, oldest first.</summary>
    /// <param name="limit">How many at most, 1 to 1000.</param>
    /// <param name="after">The <see cref="DeadLetter.Id"/> of the last one of the page before; 0 for the first page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A page; shorter than <paramref name="limit"/> when it is the last.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(int limit = 100, long after = 0, CancellationToken cancellationToken = default);

    /// <summary>Lets the handler try again, with a fresh schedule. The engine does so within seconds, or when it next starts.</summary>
    /// <param name="id">The <see cref="DeadLetter.Id"/>; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many will be tried.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written.</exception>
    ValueTask<int> ReplayDeadLettersAsync(long? id = null, CancellationToken cancellationToken = default);

    /// <summary>Forgets dead letters for good.</summary>
    /// <param name="id">The <see cref="DeadLetter.Id"/>; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many went.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written.</exception>
    ValueTask<int> PurgeDeadLettersAsync(long? id = null, CancellationToken cancellationToken = default);

    /// <summary>What is in quarantine, oldest first, without the bytes.</summary>
    /// <param name="limit">How many at most, 1 to 1000.</param>
    /// <param name="after">The <see cref="QuarantineItem.Id"/> of the last one of the page before; 0 for the first page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A page; shorter than <paramref name="limit"/> when it is the last.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<QuarantineItem>> ListQuarantineAsync(int limit = 100, long after = 0, CancellationToken cancellationToken = default);

    /// <summary>The bytes of a notification in quarantine. They hold phone numbers: not for a log.</summary>
    /// <param name="id">The <see cref="QuarantineItem.Id"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The bytes; null when there is no such item.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<ReadOnlyMemory<byte>?> ReadQuarantinedAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>Takes notifications in again, as if they had just arrived. What still cannot be read comes back under a new id.</summary>
    /// <param name="id">The <see cref="QuarantineItem.Id"/>; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many will be taken in.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written.</exception>
    ValueTask<int> ReplayQuarantineAsync(long? id = null, CancellationToken cancellationToken = default);

    /// <summary>Forgets notifications in quarantine for good.</summary>
    /// <param name="id">The <see cref="QuarantineItem.Id"/>; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many went.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written.</exception>
    ValueTask<int> PurgeQuarantineAsync(long? id = null, CancellationToken cancellationToken = default);
}

/// <summary>How much waits in an inbox.</summary>
public sealed class InboxStatistics
{
    /// <summary>How many pairs of event and handler are not handled yet.</summary>
    public required long Depth { get; init; }

    /// <summary>When the oldest of them was received, in UTC; null when nothing waits.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>How many dead letters there are.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>How many notifications are in quarantine.</summary>
    public required long Quarantined { get; init; }
}

/// <summary>An event whose handler gave up after its last attempt.</summary>
public sealed class DeadLetter
{
    /// <summary>What the operator's actions name it by.</summary>
    public required long Id { get; init; }

    /// <summary>The <see cref="CallEvent.Id"/>.</summary>
    public required string EventId { get; init; }

    /// <summary>The call.</summary>
    public required CallKey Call { get; init; }

    /// <summary>What happened to the call.</summary>
    public required CallEventKind Kind { get; init; }

    /// <summary>The name of the handler that gave up.</summary>
    public required string Handler { get; init; }

    /// <summary>How many attempts it made.</summary>
    public required int Attempts { get; init; }

    /// <summary>The type and message of the last failure, numbers masked.</summary>
    public required string Error { get; init; }

    /// <summary>When it happened to the call, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When the handler gave up, in UTC.</summary>
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>Whether a replay is asked for and not begun.</summary>
    public bool IsReplayRequested { get; init; }
}

/// <summary>A notification in quarantine, without its bytes.</summary>
public sealed class QuarantineItem
{
    /// <summary>What the operator's actions name it by.</summary>
    public required long Id { get; init; }

    /// <summary>Why it is here: the name of a <c>QuarantineReason</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Why it is here, in words for a person, without its content.</summary>
    public required string Explanation { get; init; }

    /// <summary>How many bytes it has.</summary>
    public required int Length { get; init; }

    /// <summary>The SHA-256 of the bytes, in hexadecimal, as the log told it.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The instance that it names; null when it names none.</summary>
    public long? IdInstance { get; init; }

    /// <summary>When it was received, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Whether a replay is asked for and not begun.</summary>
    public bool IsReplayRequested { get; init; }
}
