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
