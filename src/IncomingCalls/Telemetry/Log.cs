using Microsoft.Extensions.Logging;

namespace IncomingCalls.Telemetry;

/// <summary>Everything the core logs; ids 1000 to 1999 (900 is that of rejected options, in every package). No bodies, no tokens, and chat ids only as <see cref="ChatId"/>, whose text is masked.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Warning, "Instance {IdInstance} is not known here: its notification is acknowledged and dropped. Add it to the instance source, or stop it from sending.")]
    public static partial void UnknownInstance(this ILogger logger, long idInstance);

    [LoggerMessage(1001, LogLevel.Warning, "A notification of instance {IdInstance} came with the token or route of instance {Expected}: refused.")]
    public static partial void InstanceMismatch(this ILogger logger, long idInstance, long expected);

    [LoggerMessage(1002, LogLevel.Error, "Quarantined ({Reason}): {Explanation} {Length} bytes, SHA-256 {Sha256}.")]
    public static partial void Quarantined(this ILogger logger, string reason, string explanation, int length, string sha256);

    [LoggerMessage(1003, LogLevel.Error, "The policy failed for event kind {Kind} of instance {IdInstance}.")]
    public static partial void PolicyFailed(this ILogger logger, CallEventKind kind, long idInstance, Exception exception);

    [LoggerMessage(1004, LogLevel.Information, "Notifications of type {Type} arrive and nobody handles them; they are acknowledged. This is said once per type.")]
    public static partial void OtherTypeNotHandled(this ILogger logger, string type);

    [LoggerMessage(1005, LogLevel.Debug, "Repeat of {Call}.")]
    public static partial void DuplicateNotification(this ILogger logger, CallKey call);

    [LoggerMessage(1010, LogLevel.Warning, "Handler {Handler} failed on {EventId}, attempt {Attempt}.")]
    public static partial void HandlerFailed(this ILogger logger, string handler, string eventId, int attempt, Exception exception);

    [LoggerMessage(1011, LogLevel.Error, "Handler {Handler} rejected {EventId}; it will not be tried again.")]
    public static partial void HandlerRejected(this ILogger logger, string handler, string eventId, Exception exception);

    [LoggerMessage(1012, LogLevel.Critical, "{EventId} is given up after {Deliveries} deliveries: {Handlers} never succeeded. It is acknowledged, so that the calls behind it get through.")]
    public static partial void DeliveryGivenUp(this ILogger logger, string eventId, int deliveries, string handlers);

    [LoggerMessage(1013, LogLevel.Error, "Handler {Handler} did not return {Grace} s after its time limit on {EventId}; it is left alone.")]
    public static partial void HandlerAbandoned(this ILogger logger, string handler, double grace, string eventId);

    [LoggerMessage(1014, LogLevel.Error, "Handler {Handler}, abandoned on {EventId} after its time limit, has failed.")]
    public static partial void AbandonedHandlerFailed(this ILogger logger, string handler, string eventId, Exception exception);

    [LoggerMessage(1015, LogLevel.Error, "Foreign handler {Handler} failed on a notification of type {Type}.")]
    public static partial void OtherNotificationHandlerFailed(this ILogger logger, string handler, string type, Exception exception);

    [LoggerMessage(1020, LogLevel.Warning, "Alert of {EventId} suppressed: {Lag} s old (window {Window} s), outcome {Outcome}. Alerts missing altogether? Check the clock of this machine.")]
    public static partial void AlertSuppressed(this ILogger logger, string eventId, double lag, double window, CallOutcome outcome);

    [LoggerMessage(1021, LogLevel.Warning, "Notifier {Notifier} failed on the alert of {EventId}.")]
    public static partial void NotifierFailed(this ILogger logger, string notifier, string eventId, Exception exception);

    [LoggerMessage(1022, LogLevel.Warning, "Notifier {Notifier} has not succeeded with {EventId} while it mattered; it is left.")]
    public static partial void AlertExpired(this ILogger logger, string notifier, string eventId);

    [LoggerMessage(1030, LogLevel.Warning, "Name resolver {Resolver} failed for {ChatId}.")]
    public static partial void CallerNameResolverFailed(this ILogger logger, string resolver, ChatId chatId, Exception exception);

    [LoggerMessage(1031, LogLevel.Error, "The name resolvers could not be made.")]
    public static partial void CallerNameResolversFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1040, LogLevel.Error, "Instance source {Source} failed; the instances known so far stay. Next try in {Delay} s.")]
    public static partial void InstanceSourceFailed(this ILogger logger, string source, double delay, Exception exception);

    [LoggerMessage(1041, LogLevel.Information, "{Count} instances: {Added} added, {Removed} removed, {Changed} changed.")]
    public static partial void InstancesLoaded(this ILogger logger, int count, int added, int removed, int changed);

    [LoggerMessage(1042, LogLevel.Warning, "Instance {IdInstance} is listed twice; the first entry counts.")]
    public static partial void DuplicateInstance(this ILogger logger, long idInstance);

    [LoggerMessage(1043, LogLevel.Error, "The run over the handlers of {EventId} failed.")]
    public static partial void HandlerRunFailed(this ILogger logger, string eventId, Exception exception);

    [LoggerMessage(1044, LogLevel.Warning, "The host stops while {Count} events are being handled; the gateway sends them again.")]
    public static partial void DrainCutShort(this ILogger logger, int count);

    [LoggerMessage(1045, LogLevel.Error, "The outcome timer of {Call} failed; it is tried again in a minute.")]
    public static partial void OutcomeTimerFailed(this ILogger logger, CallKey call, Exception exception);

    [LoggerMessage(1046, LogLevel.Critical, "A background loop of IncomingCalls ended unexpectedly: instances are no longer followed. Restart the host.")]
    public static partial void BackgroundEnded(this ILogger logger, Exception exception);

    [LoggerMessage(1048, LogLevel.Warning, "The change token of instance source {Source} has fired already, so its changes cannot be heard: Watch() must return a new token after each change. It is read again in {Delay} s.")]
    public static partial void InstanceSourceChangeTokenStale(this ILogger logger, string source, double delay);

    [LoggerMessage(1049, LogLevel.Error, "{EventId} is a dead letter: handler {Handler} gave up after {Attempts} attempts. Replay or purge it. {Error}")]
    public static partial void DeadLettered(this ILogger logger, string eventId, string handler, int attempts, string error);
}
