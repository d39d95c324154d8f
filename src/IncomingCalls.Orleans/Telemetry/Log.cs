using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Telemetry;

/// <summary>The log events of the Orleans inbox; ids 6000 to 6999.</summary>
internal static partial class Log
{
    [LoggerMessage(6000, LogLevel.Error, "The storage of the Orleans inbox cannot be used, and no notifications are acknowledged until it recovers. Check the grain storage provider and its server. This error is logged once a minute while it lasts.")]
    public static partial void StorageFailed(this ILogger logger, Exception exception);

    [LoggerMessage(6001, LogLevel.Information, "The storage of the Orleans inbox has recovered.")]
    public static partial void StorageRecovered(this ILogger logger);

    [LoggerMessage(6002, LogLevel.Warning, "The grain storage '{Name}' is in memory: acknowledged calls are lost when the cluster stops. Use a durable grain storage in production.")]
    public static partial void StorageInMemory(this ILogger logger, string name);

    [LoggerMessage(6003, LogLevel.Error, "A task of the Orleans inbox failed unexpectedly and is retried. If this error is repeated, report it together with its exception.")]
    public static partial void BackgroundTaskFailed(this ILogger logger, Exception exception);

    [LoggerMessage(6004, LogLevel.Warning, "The silo deactivated a call before {Count} of its tasks had completed; the next owner of the call runs them again.")]
    public static partial void DrainIncomplete(this ILogger logger, int count);

    [LoggerMessage(6005, LogLevel.Error, "The {Count} oldest notifications were deleted from the quarantine; it holds at most {MaxItems} notifications of an instance, {MaxTotal} of all, and {MaxBytes} bytes. Replay or purge its notifications, or increase MaxQuarantineItems or MaxQuarantineBytes.")]
    public static partial void QuarantineDropped(this ILogger logger, int count, int maxItems, int maxTotal, long maxBytes);

    [LoggerMessage(6006, LogLevel.Error, "The {Count} oldest dead letters were deleted; at most {Max} of an instance and {MaxTotal} of all are stored. Replay or purge dead letters, or increase MaxDeadLetters.")]
    public static partial void DeadLettersDropped(this ILogger logger, int count, int max, int maxTotal);

    [LoggerMessage(6007, LogLevel.Debug, "A request of the inbox to {Grain} failed. Requests that a call depends on are retried; any other leaves only unused data or causes an unnecessary wake-up of a call.")]
    public static partial void GrainUnreachable(this ILogger logger, string grain, Exception exception);

    [LoggerMessage(6008, LogLevel.Information, "This host is a client of the cluster and does not poll; the silos poll the instances.")]
    public static partial void ClientDoesNotPoll(this ILogger logger);

    [LoggerMessage(6009, LogLevel.Warning, "Silo {Silo} and this silo have different call handlers. Handlers that only this silo has: {OnlyHere}. Handlers that only the other silo has: {OnlyThere}. A delivery waits for a silo that has its handler, and finally becomes a dead letter. Register the same handlers on every silo; they may differ only while an update is rolled out.")]
    public static partial void HandlersDiffer(this ILogger logger, string silo, string onlyHere, string onlyThere);

    [LoggerMessage(6010, LogLevel.Error, "Silo {Silo} has the grains of the inbox but did not call UseOrleansInbox, so calls that are placed there cannot be stored. Call UseOrleansInbox on it, or make it a client of the cluster with UseOrleansClient instead of UseOrleans.")]
    public static partial void InboxMissing(this ILogger logger, string silo);

    [LoggerMessage(6011, LogLevel.Warning, "Silo {Silo} has no GREEN-API client, so the other silos poll all instances. Call AddGreenApi on it as well, or ignore this warning if it must not poll.")]
    public static partial void PollingMissing(this ILogger logger, string silo);

    [LoggerMessage(6012, LogLevel.Warning, "{Count} dead letters that were older than {Days} days were deleted (DeadLetterRetention). Replay or purge such items before.")]
    public static partial void DeadLettersExpired(this ILogger logger, int count, double days);

    [LoggerMessage(6013, LogLevel.Warning, "{Count} notifications of the quarantine that were older than {Days} days were deleted (QuarantineRetention). Replay or purge such items before.")]
    public static partial void QuarantineExpired(this ILogger logger, int count, double days);
}

/// <summary>The log category of this package. A separate type, because the static class <see cref="Log"/> cannot be a type argument.</summary>
internal sealed class OrleansInboxLogCategory;
