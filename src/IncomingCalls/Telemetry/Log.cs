using Microsoft.Extensions.Logging;

namespace IncomingCalls.Telemetry;

/// <summary>
/// The log messages of the core; event ids 1000 to 1999 (900 and 901, about the configuration, are used by every package). They contain no bodies and no
/// tokens, and chat ids only as <see cref="ChatId"/>, whose text is masked.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Warning, "Instance {IdInstance} is not known to this host; its notification is acknowledged and dropped. Add the instance to the instance source, or stop it from sending.")]
    public static partial void UnknownInstance(this ILogger logger, long idInstance);

    [LoggerMessage(1001, LogLevel.Warning, "A notification of instance {IdInstance} was refused because its token or route belongs to instance {Expected}.")]
    public static partial void InstanceMismatch(this ILogger logger, long idInstance, long expected);

    [LoggerMessage(1002, LogLevel.Error, "A notification was quarantined ({Reason}, {Length} bytes, SHA-256 {Sha256}): {Explanation} A durable inbox stores it, the in-memory inbox does not. If it is stored, inspect it, then replay or purge it.")]
    public static partial void Quarantined(this ILogger logger, string reason, string explanation, int length, string sha256);

    [LoggerMessage(1003, LogLevel.Error, "The policy failed for event kind {Kind} of instance {IdInstance}. Fix the policy; a durable inbox has quarantined the notification, which can then be replayed.")]
    public static partial void PolicyFailed(this ILogger logger, CallEventKind kind, long idInstance, Exception exception);

    [LoggerMessage(1004, LogLevel.Information, "Notifications of type {Type} are acknowledged and dropped because no handler is registered for other types. This message is logged once per type.")]
    public static partial void OtherTypeNotHandled(this ILogger logger, string type);

    [LoggerMessage(1005, LogLevel.Debug, "A notification of call {Call} is a duplicate.")]
    public static partial void DuplicateNotification(this ILogger logger, CallKey call);

    [LoggerMessage(1006, LogLevel.Critical, "A call notification was given up after the policy had failed for it {Failures} times, so that it does not block the gateway's queue. Fix the policy; the notification is lost.")]
    public static partial void PolicyFailureGivenUp(this ILogger logger, int failures);

    [LoggerMessage(1010, LogLevel.Warning, "Handler {Handler} failed for event {EventId} on attempt {Attempt}.")]
    public static partial void HandlerFailed(this ILogger logger, string handler, string eventId, int attempt, Exception exception);

    [LoggerMessage(1011, LogLevel.Error, "Handler {Handler} rejected event {EventId}, which is not retried. Fix the cause; a durable inbox has stored a dead letter, which can then be replayed.")]
    public static partial void HandlerRejected(this ILogger logger, string handler, string eventId, Exception exception);

    [LoggerMessage(1012, LogLevel.Critical, "Event {EventId} was given up after {Failures} failures, so that it does not block the gateway's queue. Fix the handlers that did not succeed: {Handlers}.")]
    public static partial void DeliveryGivenUp(this ILogger logger, string eventId, int failures, string handlers);

    [LoggerMessage(1013, LogLevel.Error, "Handler {Handler} did not stop within {Grace} s after its timeout for event {EventId}; it was abandoned and may still be running. Make the handler observe its cancellation token.")]
    public static partial void HandlerAbandoned(this ILogger logger, string handler, double grace, string eventId);

    [LoggerMessage(1014, LogLevel.Error, "Handler {Handler}, which was abandoned after its timeout for event {EventId}, failed. Make the handler observe its cancellation token.")]
    public static partial void AbandonedHandlerFailed(this ILogger logger, string handler, string eventId, Exception exception);

    [LoggerMessage(1015, LogLevel.Error, "Handler {Handler} failed for a notification of type {Type}. Fix the handler; until it succeeds, or the notification is given up, the gateway sends the notification again.")]
    public static partial void OtherNotificationHandlerFailed(this ILogger logger, string handler, string type, Exception exception);

    [LoggerMessage(1016, LogLevel.Critical, "A notification of type {Type} was given up after {Deliveries} failed deliveries, and is acknowledged so that the notifications behind it in the gateway's queue are delivered. Fix the handlers that did not succeed: {Handlers}.")]
    public static partial void OtherNotificationGivenUp(this ILogger logger, string type, int deliveries, string handlers);

    [LoggerMessage(1017, LogLevel.Error, "Handler {Handler} did not stop within {Grace} s after its timeout for a notification of type {Type}; it was abandoned and may still be running. Make the handler observe its cancellation token.")]
    public static partial void OtherNotificationHandlerAbandoned(this ILogger logger, string handler, double grace, string type);

    [LoggerMessage(1018, LogLevel.Error, "Handler {Handler}, which was abandoned after its timeout for a notification of type {Type}, failed. Make the handler observe its cancellation token.")]
    public static partial void AbandonedOtherNotificationHandlerFailed(this ILogger logger, string handler, string type, Exception exception);

    [LoggerMessage(1020, LogLevel.Warning, "The alert for event {EventId} was suppressed because the call no longer rings: the event is {Lag} s old, the alert window is {Window} s, and the outcome is {Outcome}. If no alerts appear at all, check the clock of this machine.")]
    public static partial void AlertSuppressed(this ILogger logger, string eventId, double lag, double window, CallOutcome outcome);

    [LoggerMessage(1021, LogLevel.Warning, "Notifier {Notifier} failed to update or withdraw the alert for event {EventId}.")]
    public static partial void NotifierFailed(this ILogger logger, string notifier, string eventId, Exception exception);

    [LoggerMessage(1022, LogLevel.Warning, "Notifier {Notifier} did not deliver the alert for event {EventId} before it expired.")]
    public static partial void AlertExpired(this ILogger logger, string notifier, string eventId);

    [LoggerMessage(1023, LogLevel.Warning, "Notifier {Notifier} rejected the alert for event {EventId}, which is not raised again.")]
    public static partial void AlertRejected(this ILogger logger, string notifier, string eventId, Exception exception);

    [LoggerMessage(1030, LogLevel.Warning, "Name resolver {Resolver} failed for instance {IdInstance} and is not called for this instance for {Pause} s. Fix the cause: {ExceptionType}: {ExceptionMessage}")]
    public static partial void CallerNameResolverFailed(this ILogger logger, string resolver, long idInstance, long pause, string exceptionType, string exceptionMessage);

    [LoggerMessage(1031, LogLevel.Error, "The caller name resolvers could not be created or disposed of, and are not called for instance {IdInstance} for {Pause} s. Check their registrations and constructors.")]
    public static partial void CallerNameResolversFailed(this ILogger logger, long idInstance, long pause, Exception exception);

    [LoggerMessage(1032, LogLevel.Error, "The result of a caller name lookup of instance {IdInstance} could not be processed. If the error recurs, report the exception.")]
    public static partial void CallerNameResultFailed(this ILogger logger, long idInstance, Exception exception);

    [LoggerMessage(1040, LogLevel.Error, "Instance source {Source} failed, and the last known instances remain in use; the source is read again in {Delay:0.#} s. Fix the cause named by the exception.")]
    public static partial void InstanceSourceFailed(this ILogger logger, string source, double delay, Exception exception);

    [LoggerMessage(1041, LogLevel.Information, "The list of instances was loaded. Instances: {Count}, added: {Added}, removed: {Removed}, changed: {Changed}.")]
    public static partial void InstancesLoaded(this ILogger logger, int count, int added, int removed, int changed);

    [LoggerMessage(1042, LogLevel.Warning, "Instance {IdInstance} is listed twice; the first entry is used.")]
    public static partial void DuplicateInstance(this ILogger logger, long idInstance);

    [LoggerMessage(1044, LogLevel.Warning, "The host stopped while {Count} attempts were running; they are repeated: by a durable inbox after its next start, otherwise when the gateway sends their notifications again.")]
    public static partial void DrainIncomplete(this ILogger logger, int count);

    [LoggerMessage(1046, LogLevel.Critical, "A background loop of IncomingCalls ended unexpectedly, and changes of the instances are no longer followed. Restart the host.")]
    public static partial void BackgroundEnded(this ILogger logger, Exception exception);

    [LoggerMessage(1048, LogLevel.Warning, "The change token of instance source {Source} has already fired, so changes cannot be detected; the source is read again in {Delay:0.#} s. Watch() must return a new token after each change.")]
    public static partial void InstanceSourceChangeTokenStale(this ILogger logger, string source, double delay);

    [LoggerMessage(1049, LogLevel.Error, "Event {EventId} became a dead letter after {Attempts} attempts of handler {Handler}. Fix the cause, then replay the dead letter, or purge it. The last error was: {Error}")]
    public static partial void DeadLettered(this ILogger logger, string eventId, string handler, int attempts, string error);

    [LoggerMessage(1050, LogLevel.Error, "A background task of the inbox failed unexpectedly; the inbox continues. Report the exception if it recurs.")]
    public static partial void BackgroundTaskFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1051, LogLevel.Warning, "A call of instance {IdInstance} names the instance itself as the caller: an outgoing call that the gateway reports as incoming, or a client's call with the wrong number. Such calls are treated as IncomingCalls:OwnNumberCalls says ({Treatment}). This message is logged once per instance.")]
    public static partial void OwnNumberCall(this ILogger logger, long idInstance, CallTreatment treatment);

    [LoggerMessage(1052, LogLevel.Error, "A metric listener of the host has thrown an exception; the call is not affected, and the measurement is lost. This message is repeated at most once a minute.")]
    public static partial void MetricListenerFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1053, LogLevel.Warning, "Instances {IdInstance} and {OtherIdInstance} belong to the same messenger account. Each reports every call of the account, so there are two alerts and two records of each call. Remove one of them from this host. This message is logged once for each pair.")]
    public static partial void SharedAccount(this ILogger logger, long idInstance, long otherIdInstance);

    [LoggerMessage(1054, LogLevel.Debug, "Handler {Handler} found destination {Destination} unavailable for event {EventId}. The attempt does not count.")]
    public static partial void HandlerFoundDestinationUnavailable(this ILogger logger, string handler, string destination, string eventId, Exception exception);

    [LoggerMessage(1055, LogLevel.Warning, "Destination {Destination} is unavailable, and the deliveries of handler {Handler} to it are paused. It is probed at {Until:O} and later, until an attempt succeeds. Restore the access to it; an operator can end the pause. The error was: {Error}")]
    public static partial void DestinationPaused(this ILogger logger, string destination, string handler, DateTimeOffset until, string error);

    [LoggerMessage(1056, LogLevel.Information, "Destination {Destination} is available again, and the deliveries of handler {Handler} to it continue. They were paused since {Since:O}.")]
    public static partial void DestinationResumed(this ILogger logger, string destination, string handler, DateTimeOffset since);

    [LoggerMessage(1057, LogLevel.Error, "A function in the options of handler {Handler} failed to select the destination or the rate partition of event {EventId} ({Error}). The event has no destination, and the rate partition of the whole handler. Correct CallHandlerOptions.Destination or CallHandlerRateLimit.Partition.")]
    public static partial void DestinationNotSelected(this ILogger logger, string handler, string eventId, string error);

    [LoggerMessage(1058, LogLevel.Warning, "Destination {Destination} has asked for a long delay, and the deliveries of handler {Handler} to it wait until {Until:O}. An operator can end the pause. The answer was: {Error}")]
    public static partial void DestinationDelayed(this ILogger logger, string destination, string handler, DateTimeOffset until, string error);
}
