using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Telemetry;

/// <summary>Everything the Orleans inbox logs; ids 6000 to 6999.</summary>
internal static partial class Log
{
    [LoggerMessage(6000, LogLevel.Error, "The storage of the Orleans inbox cannot be used, and nothing is acknowledged until it can. This is said once a minute.")]
    public static partial void StorageFailed(this ILogger logger, Exception exception);

    [LoggerMessage(6001, LogLevel.Information, "The storage of the Orleans inbox works again.")]
    public static partial void StorageWorksAgain(this ILogger logger);

    [LoggerMessage(6002, LogLevel.Warning, "The grain storage '{Name}' is in memory: calls that were acknowledged are lost when the cluster stops.")]
    public static partial void StorageInMemory(this ILogger logger, string name);

    [LoggerMessage(6003, LogLevel.Error, "Work of the inbox failed unexpectedly.")]
    public static partial void WorkFailed(this ILogger logger, Exception exception);

    [LoggerMessage(6004, LogLevel.Warning, "The silo lets go of a call while {Count} attempts are under way; they are repeated.")]
    public static partial void DrainCutShort(this ILogger logger, int count);

    [LoggerMessage(6005, LogLevel.Error, "{Count} of the oldest notifications were dropped from quarantine, which holds {MaxItems} of them and {MaxBytes} bytes.")]
    public static partial void QuarantineDropped(this ILogger logger, int count, int maxItems, long maxBytes);

    [LoggerMessage(6006, LogLevel.Error, "{Count} of the oldest dead letters were dropped; {Max} are kept.")]
    public static partial void DeadLettersDropped(this ILogger logger, int count, int max);

    [LoggerMessage(6007, LogLevel.Debug, "Grain {Grain} cannot be reached; it is tried again.")]
    public static partial void GrainUnreachable(this ILogger logger, string grain, Exception exception);

    [LoggerMessage(6008, LogLevel.Information, "This host is a client of the cluster: instances are polled by its silos.")]
    public static partial void ClientDoesNotPoll(this ILogger logger);

    [LoggerMessage(6009, LogLevel.Warning, "Silo {Silo} has other call handlers than this one; only here: {OnlyHere}; only there: {OnlyThere}. What is owed to a handler waits for a silo that has it, and becomes a dead letter in the end. Register the same on every silo; only while an update is rolled out they may differ.")]
    public static partial void HandlersDiffer(this ILogger logger, string silo, string onlyHere, string onlyThere);

    [LoggerMessage(6010, LogLevel.Error, "Silo {Silo} has the grains of the inbox and no UseOrleansInbox, so calls that are placed there cannot be kept. Call UseOrleansInbox on it, or make it a client of the cluster: UseOrleansClient instead of UseOrleans.")]
    public static partial void InboxMissing(this ILogger logger, string silo);

    [LoggerMessage(6011, LogLevel.Warning, "Silo {Silo} has no GREEN-API client, so the others poll all instances. Call AddGreenApi on it as well, or leave it as it is if it is not to poll.")]
    public static partial void PollingMissing(this ILogger logger, string silo);
}

/// <summary>The log category of everything in this package, since <see cref="Log"/> is static and no type argument.</summary>
internal sealed class OrleansInboxLogCategory;
