namespace IncomingCalls;

/// <summary>
/// Administers a durable inbox: statistics of the backlog, and listing, replay and purge of dead letters and of the quarantine. Actions are
/// idempotent, and one that affects an item is recorded in the administration log. Implementations are thread-safe.
/// </summary>
public interface ICallInboxAdministration
{
    /// <summary>Gets the size and the age of the backlog.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the current statistics.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<InboxStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default);

    /// <summary>Gets a page of the dead letters, oldest first.</summary>
    /// <param name="limit">The maximum number of dead letters in the page, 1 to 1000.</param>
    /// <param name="after">The <see cref="DeadLetter.Id"/> of the last item of the previous page; 0 for the first page.</param>
    /// <param name="filter">Which items to get; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the page. The last page has fewer items than <paramref name="limit"/>.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(int limit = 100, long after = 0, InboxFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Requests the replay of dead letters: their handlers run again, with all attempts of the retry schedule. The inbox starts the replay within
    /// seconds, or after its next start. What has waited for an unavailable destination for longer than <see cref="CallHandlerOptions.MaxPause"/> becomes a dead letter again, without
    /// an attempt, until the pause has ended (<see cref="ListPausesAsync"/>, <see cref="EndPausesAsync"/>).
    /// </summary>
    /// <param name="filter">Which dead letters; null for all.</param>
    /// <param name="performedBy">Who takes the action, for the administration log: a name of at most 200 characters; null if that is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the number of dead letters that will be replayed.</returns>
    /// <exception cref="ArgumentException">The name is too long.</exception>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written.</exception>
    ValueTask<int> ReplayDeadLettersAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes dead letters permanently.</summary>
    /// <param name="filter">Which dead letters; null for all.</param>
    /// <param name="performedBy">Who takes the action, for the administration log: a name of at most 200 characters; null if that is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the number of deleted dead letters.</returns>
    /// <exception cref="ArgumentException">The name is too long.</exception>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written.</exception>
    ValueTask<int> PurgeDeadLettersAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default);

    /// <summary>Gets a page of the notifications in the quarantine, oldest first, without their bytes.</summary>
    /// <param name="limit">The maximum number of notifications in the page, 1 to 1000.</param>
    /// <param name="after">The <see cref="QuarantineItem.Id"/> of the last item of the previous page; 0 for the first page.</param>
    /// <param name="filter">Which items to get; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the page. The last page has fewer items than <paramref name="limit"/>.</returns>
    /// <exception cref="ArgumentException">The filter has an account, a handler or a kind.</exception>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<QuarantineItem>> ListQuarantineAsync(int limit = 100, long after = 0, InboxFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>Gets the bytes of a notification in the quarantine. They may contain phone numbers, so do not log them.</summary>
    /// <param name="id">The <see cref="QuarantineItem.Id"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the bytes; null when there is no such item.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<ReadOnlyMemory<byte>?> ReadQuarantinedAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Requests the replay of quarantined notifications: they are accepted as if they had just arrived. A notification that is still unreadable
    /// becomes a new item with a new id.
    /// </summary>
    /// <param name="filter">Which notifications; null for all.</param>
    /// <param name="performedBy">Who takes the action, for the administration log: a name of at most 200 characters; null if that is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the number of notifications that will be replayed.</returns>
    /// <exception cref="ArgumentException">The name is too long, or the filter has an account, a handler or a kind.</exception>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written.</exception>
    ValueTask<int> ReplayQuarantineAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes quarantined notifications permanently.</summary>
    /// <param name="filter">Which notifications; null for all.</param>
    /// <param name="performedBy">Who takes the action, for the administration log: a name of at most 200 characters; null if that is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the number of deleted notifications.</returns>
    /// <exception cref="ArgumentException">The name is too long, or the filter has an account, a handler or a kind.</exception>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written.</exception>
    ValueTask<int> PurgeQuarantineAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default);

    /// <summary>Gets the destinations to which deliveries are paused now, by handler and destination.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the pauses.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<DestinationPause>> ListPausesAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends pauses, for example after the access to a destination was restored: the deliveries continue within seconds. A destination that is still unavailable is paused again by the
    /// next attempt, also by a probe that is running.
    /// </summary>
    /// <param name="handler">The name of the handler; null for all handlers.</param>
    /// <param name="destination">The destination; null for all destinations.</param>
    /// <param name="performedBy">Who takes the action, for the administration log: a name of at most 200 characters; null if that is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the number of pauses that were ended.</returns>
    /// <exception cref="ArgumentException">The name is too long.</exception>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written.</exception>
    ValueTask<int> EndPausesAsync(string? handler = null, string? destination = null, string? performedBy = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Erases the data of a person: calls, pending deliveries, dead letters, notifications in the quarantine, names, values of handlers with a key of the person or of one of the calls, and the
    /// callback. Notifications of the person with an earlier timestamp are discarded from then on; later calls are accepted. See docs/erasure.md.
    /// </summary>
    /// <param name="account">The account of the instances that the person has called, see <see cref="CallInstance.Account"/>; null for the instances without one.</param>
    /// <param name="caller">The chat with the person. Its phone number and its linked ids are the same person, as far as the inbox knows them.</param>
    /// <param name="performedBy">Who requests the erasure, for the report: a name of at most 200 characters; null if that is not known.</param>
    /// <param name="cancellationToken">Ends the erasure. What is deleted stays deleted; repeat it with the stored report.</param>
    /// <returns>A task whose result is the report, which is stored as well. It is not complete when a running attempt of a handler has held an event for too long.</returns>
    /// <exception cref="ArgumentException">The chat is empty or that of a group, or the name is too long.</exception>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written. Repeat the erasure.</exception>
    ValueTask<ErasureReport> EraseCallerAsync(string? account, ChatId caller, string? performedBy = null, CancellationToken cancellationToken = default);

    /// <summary>Erases the data of an instance, as <see cref="EraseCallerAsync"/> does for a person. Persons who have also called other instances of the account keep what those contain.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <param name="performedBy">Who requests the erasure, for the report: a name of at most 200 characters; null if that is not known.</param>
    /// <param name="cancellationToken">Ends the erasure. What is deleted stays deleted; repeat it with the stored report.</param>
    /// <returns>A task whose result is the report, which is stored as well.</returns>
    /// <exception cref="ArgumentException">The number is not positive, or the name is too long.</exception>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written. Repeat the erasure.</exception>
    ValueTask<ErasureReport> EraseInstanceAsync(long idInstance, string? performedBy = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Carries out an erasure again: one that was not complete, or each one that is newer than a backup that was restored. What was received after the erasure is not deleted.
    /// </summary>
    /// <param name="report">The report of the erasure.</param>
    /// <param name="cancellationToken">Ends the erasure.</param>
    /// <returns>A task whose result is the report of both times together, with the id and the time of the first.</returns>
    /// <exception cref="ArgumentException">The report names neither a person nor an instance.</exception>
    /// <exception cref="NotSupportedException">The inbox cannot find a person by the hash. Erase the person again.</exception>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written. Repeat the erasure.</exception>
    ValueTask<ErasureReport> RepeatErasureAsync(ErasureReport report, CancellationToken cancellationToken = default);

    /// <summary>Gets the reports of the erasures, the newest first.</summary>
    /// <param name="limit">The maximum number of reports, 1 to 1000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the reports.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<ErasureReport>> ListErasuresAsync(int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gets the newest entries of the administration log, newest first: who replayed or purged what, or ended a pause. An action that affected no item has no entry.
    /// At least the newest 1,000 entries are stored.
    /// </summary>
    /// <param name="limit">The maximum number of entries, 1 to 1000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the entries.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<AdministrationLogEntry>> ListAdministrationLogAsync(int limit = 100, CancellationToken cancellationToken = default);
}

/// <summary>The statistics of an inbox.</summary>
public sealed class InboxStatistics
{
    /// <summary>The number of pending deliveries, a delivery being one event for one handler.</summary>
    public required long Depth { get; init; }

    /// <summary>The number of pending deliveries that are due: the backlog. The rest waits. Null when the inbox does not count them separately.</summary>
    public long? Ready { get; init; }

    /// <summary>The number of pending deliveries that wait for the caller's name; null when the inbox does not count them separately.</summary>
    public long? WaitingForCallerName { get; init; }

    /// <summary>The number of pending deliveries that wait for a retry; null when the inbox does not count them separately.</summary>
    public long? WaitingForRetry { get; init; }

    /// <summary>The number of pending deliveries that wait for their settle time; null when the inbox does not count them separately.</summary>
    public long? Settling { get; init; }

    /// <summary>The number of pending deliveries that are due, and whose destination is paused; null when the inbox does not count them separately.</summary>
    public long? Paused { get; init; }

    /// <summary>The number of pauses, a pause being one destination of one handler, see <see cref="ICallInboxAdministration.ListPausesAsync"/>; null when the inbox does not count them.</summary>
    public long? PausedDestinations { get; init; }

    /// <summary>When the oldest event with a pending delivery was received, in UTC; null when no delivery is pending.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>The number of dead letters.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>The number of notifications in the quarantine.</summary>
    public required long Quarantined { get; init; }
}

/// <summary>A delivery whose last attempt failed, or which the handler rejected.</summary>
public sealed class DeadLetter
{
    /// <summary>The id of the dead letter in <see cref="ICallInboxAdministration"/>.</summary>
    public required long Id { get; init; }

    /// <summary>The <see cref="CallEvent.Id"/>.</summary>
    public required string EventId { get; init; }

    /// <summary>The call.</summary>
    public required CallKey Call { get; init; }

    /// <summary>The kind of the event.</summary>
    public required CallEventKind Kind { get; init; }

    /// <summary>The <see cref="CallInstance.Account"/> of the instance when the delivery failed; null when it had none, or was not known.</summary>
    public string? Account { get; init; }

    /// <summary>The name of the handler.</summary>
    public required string Handler { get; init; }

    /// <summary>The number of failed attempts.</summary>
    public required int Attempts { get; init; }

    /// <summary>The type and message of the last error, with numbers masked.</summary>
    public required string Error { get; init; }

    /// <summary>When the event occurred, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When the last attempt failed, in UTC.</summary>
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>Whether a replay is requested and has not started yet.</summary>
    public bool IsReplayRequested { get; init; }
}

/// <summary>A notification in the quarantine, without its bytes.</summary>
public sealed class QuarantineItem
{
    /// <summary>The id of the item in <see cref="ICallInboxAdministration"/>.</summary>
    public required long Id { get; init; }

    /// <summary>The reason of the quarantine: the name of a <c>QuarantineReason</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>A description of the reason that contains nothing of the notification's content.</summary>
    public required string Explanation { get; init; }

    /// <summary>The length of the notification, in bytes.</summary>
    public required int Length { get; init; }

    /// <summary>The SHA-256 hash of the bytes, in hexadecimal, as it appears in the log.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The instance that the notification names; null when it names none.</summary>
    public long? IdInstance { get; init; }

    /// <summary>When the notification was received, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Whether a replay is requested and has not started yet.</summary>
    public bool IsReplayRequested { get; init; }
}
