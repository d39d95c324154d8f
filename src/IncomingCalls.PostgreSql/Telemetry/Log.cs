using Microsoft.Extensions.Logging;

namespace IncomingCalls.PostgreSql.Telemetry;

/// <summary>The log messages of the PostgreSQL inbox; event ids 5000 to 5999.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Warning, "The inbox is not open, and no notification is acknowledged until it is: {Reason}")]
    public static partial void InboxNotOpen(this ILogger logger, string reason);

    [LoggerMessage(5001, LogLevel.Information, "The inbox in the schema {Schema} is open.")]
    public static partial void InboxOpened(this ILogger logger, string schema);

    [LoggerMessage(5002, LogLevel.Critical, "The inbox cannot be opened, and the host is stopped: {Reason}")]
    public static partial void InboxOpenFailed(this ILogger logger, string reason);

    [LoggerMessage(5003, LogLevel.Error, "The database of the inbox cannot be used, and no notification is acknowledged until it can: {Problem} This message is repeated at most once a minute.")]
    public static partial void DatabaseFailed(this ILogger logger, string problem, Exception exception);

    [LoggerMessage(5004, LogLevel.Information, "The database of the inbox can be used again.")]
    public static partial void DatabaseRecovered(this ILogger logger);

    [LoggerMessage(5005, LogLevel.Error, "A background task of the inbox failed unexpectedly; the inbox continues. Report the exception if it recurs.")]
    public static partial void BackgroundTaskFailed(this ILogger logger, Exception exception);

    [LoggerMessage(5006, LogLevel.Warning, "The connection of a running attempt of handler {Handler} was lost, and the attempt is cancelled. Another node may already repeat it.")]
    public static partial void ClaimLost(this ILogger logger, string handler, Exception exception);

    [LoggerMessage(5007, LogLevel.Error, "Delivery {Id} of handler {Handler} or the stored state of its call cannot be read ({Reason}). It is in the quarantine, or among the dead letters if only the call is damaged; other deliveries are not affected.")]
    public static partial void DeliveryUnreadable(this ILogger logger, string handler, long id, string reason);

    [LoggerMessage(5008, LogLevel.Error, "Dead letter {Id} cannot be replayed, because it or the stored state of its call cannot be read ({Reason}). It remains in the inbox, and its replay is no longer requested.")]
    public static partial void DeadLetterUnreadable(this ILogger logger, long id, string reason);

    [LoggerMessage(5009, LogLevel.Warning, "No node has had the handler {Handler} for {Timeout}, and its {Count} deliveries became dead letters. Register a handler with this name and replay them, or purge them.")]
    public static partial void HandlerMissing(this ILogger logger, string handler, TimeSpan timeout, int count);

    [LoggerMessage(5010, LogLevel.Error, "A quarantined notification could not be replayed; it remains in the quarantine, and the replay is repeated. Fix the cause named by the exception.")]
    public static partial void ReplayFailed(this ILogger logger, Exception exception);

    [LoggerMessage(5011, LogLevel.Error, "The oldest {Count} dead letters were deleted; at most {Max} of an instance are stored. Replay or purge dead letters, or raise IncomingCalls:PostgreSql:MaxDeadLetters.")]
    public static partial void DeadLettersDropped(this ILogger logger, int count, int max);

    [LoggerMessage(5012, LogLevel.Error, "The oldest {Count} notifications were deleted from the quarantine; at most {Max} of an instance are stored. Replay or purge them, or raise IncomingCalls:PostgreSql:MaxQuarantineItems.")]
    public static partial void QuarantineDropped(this ILogger logger, int count, int max);

    [LoggerMessage(5013, LogLevel.Information, "This node polls the instances.")]
    public static partial void PollingStarted(this ILogger logger);

    [LoggerMessage(5014, LogLevel.Information, "This node no longer polls the instances: {Reason}")]
    public static partial void PollingEnded(this ILogger logger, string reason);

    [LoggerMessage(5015, LogLevel.Error, "The outcome timeout of the call in row {Id} of the table calls has ended without an event, because the stored state of the call cannot be read ({Reason}); other calls are not affected. Restore the row.")]
    public static partial void CallUnreadable(this ILogger logger, long id, string reason);

    [LoggerMessage(5016, LogLevel.Information, "The schema {Schema} was migrated from version {Before} to version {After}.")]
    public static partial void SchemaMigrated(this ILogger logger, string schema, int before, int after);

    [LoggerMessage(5017, LogLevel.Warning, "This node opens up to {Count} connections to the database, and the server has {Free} left for it. Without a connection, notifications are not acknowledged and attempts wait. Raise max_connections or the connection limit of the role, or lower IncomingCalls:PostgreSql:MaxConcurrentAttempts.")]
    public static partial void TooFewConnections(this ILogger logger, int count, long free);

    [LoggerMessage(5018, LogLevel.Warning, "Another node has had the handler {Handler} within the last hour, and this node does not have it. Register the same handlers on all nodes; if the handler was removed on purpose, its deliveries become dead letters when no node has had it for MissingHandlerTimeout.")]
    public static partial void HandlerOnOtherNodes(this ILogger logger, string handler);

    [LoggerMessage(5019, LogLevel.Information, "The connections lead through a pooler that shares sessions, so the inbox sets everything per transaction. A handler that rolls back the transaction of its event is not prevented from writing afterwards.")]
    public static partial void PoolerDetected(this ILogger logger);

    [LoggerMessage(5020, LogLevel.Warning, "Deliveries that a later version of IncomingCalls has written are left to the nodes of that version. Update this node.")]
    public static partial void LaterFormat(this ILogger logger);

    [LoggerMessage(5021, LogLevel.Warning, "The clocks of the database and of this node differ by {Offset}. The inbox uses that of the database. Synchronize the clocks.")]
    public static partial void ClockDiffers(this ILogger logger, TimeSpan offset);

    [LoggerMessage(5022, LogLevel.Error, "Handler {Handler} succeeded for event {EventId}, but its transaction could not be committed, and the attempt counts as failed: {Reason}")]
    public static partial void TransactionNotCommitted(this ILogger logger, string handler, string eventId, string reason);

    [LoggerMessage(5023, LogLevel.Warning, "The names of callers cannot be stored, so a node that starts looks them up again: {Problem} This message is repeated at most once a minute.")]
    public static partial void NamesNotStored(this ILogger logger, string problem, Exception exception);

    [LoggerMessage(5024, LogLevel.Information, "The names of callers are stored again.")]
    public static partial void NamesStoredAgain(this ILogger logger);

    [LoggerMessage(5025, LogLevel.Error, "Destination {Destination} has been unavailable since {Since:O}, and {Count} deliveries of handler {Handler} have waited for it for longer than MaxPause. They became dead letters. Restore the access to the destination, end the pause, and replay them.")]
    public static partial void DestinationOutlasted(this ILogger logger, string destination, DateTimeOffset since, int count, string handler);

    [LoggerMessage(5026, LogLevel.Warning, "{Letters} dead letters that were older than {LetterDays} days and {Items} notifications of the quarantine that were older than {ItemDays} days were deleted (DeadLetterRetention, QuarantineRetention). Replay or purge such items before.")]
    public static partial void FailedItemsExpired(this ILogger logger, int letters, double letterDays, int items, double itemDays);
}
