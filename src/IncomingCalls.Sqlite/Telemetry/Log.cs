using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Telemetry;

/// <summary>The log messages of the SQLite inbox; event ids 4000 to 4999.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Warning, "The inbox is not open, and no notification is acknowledged until it is: {Reason}")]
    public static partial void InboxNotOpen(this ILogger logger, string reason);

    [LoggerMessage(4001, LogLevel.Information, "The inbox file {Path} is open.")]
    public static partial void InboxOpened(this ILogger logger, string path);

    [LoggerMessage(4002, LogLevel.Critical, "The inbox cannot be opened, and the host is stopped: {Reason}")]
    public static partial void InboxOpenFailed(this ILogger logger, string reason);

    [LoggerMessage(4003, LogLevel.Error, "The inbox file {Path} cannot be written, and no notification is acknowledged until it can: {Problem} Check the disk space and the permissions of the file. This message is repeated at most once a minute.")]
    public static partial void NotWritable(this ILogger logger, string path, string problem);

    [LoggerMessage(4004, LogLevel.Information, "The inbox file {Path} can be written again.")]
    public static partial void WritableAgain(this ILogger logger, string path);

    [LoggerMessage(4005, LogLevel.Critical, "The writer of the inbox file {Path} ended unexpectedly, and no notification is acknowledged any more. Restart the host.")]
    public static partial void WriterEnded(this ILogger logger, string path, Exception exception);

    [LoggerMessage(4007, LogLevel.Error, "A background task of the inbox failed unexpectedly; the inbox continues. Report the exception if it recurs.")]
    public static partial void BackgroundTaskFailed(this ILogger logger, Exception exception);

    [LoggerMessage(4008, LogLevel.Error, "The quarantine is full, and the oldest {Count} notifications were deleted from it; it holds at most {MaxItems} notifications of an instance, and {MaxBytes} bytes. Replay or purge its notifications, or raise MaxQuarantineItems or MaxQuarantineBytes in IncomingCalls:Sqlite.")]
    public static partial void QuarantineDropped(this ILogger logger, int count, int maxItems, long maxBytes);

    [LoggerMessage(4009, LogLevel.Error, "The oldest {Count} dead letters were deleted; at most {Max} of an instance are stored. Replay or purge dead letters, or raise IncomingCalls:Sqlite:MaxDeadLetters.")]
    public static partial void DeadLettersDropped(this ILogger logger, int count, int max);

    [LoggerMessage(4010, LogLevel.Error, "A quarantined notification could not be replayed; it remains in the quarantine, and the replay is repeated. Fix the cause named by the exception.")]
    public static partial void ReplayFailed(this ILogger logger, Exception exception);

    [LoggerMessage(4011, LogLevel.Error, "A call in the inbox file {Path} is skipped: {Reason} Its deliveries wait, its new notifications are quarantined, and other calls are not affected. The file was changed by something else than IncomingCalls, or its disk is damaged: stop the host, and restore the file or repair the row.")]
    public static partial void CallUnreadable(this ILogger logger, string path, string reason);

    [LoggerMessage(4012, LogLevel.Error, "Dead letter {Id} cannot be replayed, because it or the stored state of its call cannot be read ({Reason}). It remains in the inbox, and its replay is no longer requested.")]
    public static partial void DeadLetterUnreadable(this ILogger logger, long id, string reason);

    [LoggerMessage(4013, LogLevel.Critical, "The inbox file {Path} is no longer used by this process, and the host is stopped: {Reason} What this process has not stored is not acknowledged, and deliveries it was working on are repeated by the other process. Run one process for each file.")]
    public static partial void InboxTakenOver(this ILogger logger, string path, string reason);

    [LoggerMessage(4014, LogLevel.Warning, "The lock of the inbox file {Path} has no effect, because its file system has no locks or DOTNET_SYSTEM_IO_DISABLEFILELOCKING is set. The heartbeat in the file takes its place: after a crash, the next start waits 10 seconds for it. SQLite itself needs locks to keep the file intact: move the file to a local disk.")]
    public static partial void LockIneffective(this ILogger logger, string path);

    [LoggerMessage(4015, LogLevel.Warning, "{Key} is {ConfiguredPath}, but code sets the path {Path} (UseSqliteInbox), which is used. Remove one of the two.")]
    public static partial void ConfiguredPathIgnored(this ILogger logger, string key, string configuredPath, string path);

    [LoggerMessage(4016, LogLevel.Warning, "{Letters} dead letters that were older than {LetterDays} days and {Items} notifications of the quarantine that were older than {ItemDays} days were deleted (DeadLetterRetention, QuarantineRetention). Replay or purge such items before.")]
    public static partial void FailedItemsExpired(this ILogger logger, int letters, double letterDays, int items, double itemDays);
}
