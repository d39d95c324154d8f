using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Telemetry;

/// <summary>Everything the SQLite inbox logs; ids 4000 to 4999.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Warning, "The inbox is not open: {Reason} Until it is, nothing is acknowledged.")]
    public static partial void Waiting(this ILogger logger, string reason);

    [LoggerMessage(4001, LogLevel.Information, "The inbox file {Path} is open.")]
    public static partial void Opened(this ILogger logger, string path);

    [LoggerMessage(4002, LogLevel.Critical, "The host is stopped: {Reason}")]
    public static partial void CannotOpen(this ILogger logger, string reason);

    [LoggerMessage(4003, LogLevel.Error, "The inbox file {Path} cannot be written, and nothing is acknowledged until it can: {Problem} This is said once a minute.")]
    public static partial void NotWritable(this ILogger logger, string path, string problem);

    [LoggerMessage(4004, LogLevel.Information, "The inbox file {Path} can be written again.")]
    public static partial void WritableAgain(this ILogger logger, string path);

    [LoggerMessage(4005, LogLevel.Critical, "The writer of the inbox file {Path} ended unexpectedly; nothing is acknowledged any more. Restart the host.")]
    public static partial void WriterEnded(this ILogger logger, string path, Exception exception);

    [LoggerMessage(4006, LogLevel.Warning, "The host stops while {Count} attempts are under way; the next start repeats them.")]
    public static partial void DrainCutShort(this ILogger logger, int count);

    [LoggerMessage(4007, LogLevel.Error, "Work of the inbox failed unexpectedly.")]
    public static partial void WorkFailed(this ILogger logger, Exception exception);

    [LoggerMessage(4008, LogLevel.Error, "{Count} of the oldest notifications were dropped from quarantine, which holds {MaxItems} of them and {MaxBytes} bytes.")]
    public static partial void QuarantineDropped(this ILogger logger, int count, int maxItems, long maxBytes);

    [LoggerMessage(4009, LogLevel.Error, "{Count} of the oldest dead letters were dropped; {Max} are kept.")]
    public static partial void DeadLettersDropped(this ILogger logger, int count, int max);
}
