using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Telemetry;

/// <summary>The log events of this package; ids 3000 to 3999. They contain no bodies, tokens or addresses, and chat ids only masked.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Debug, "Started polling instance {IdInstance}.")]
    public static partial void PollerStarted(this ILogger logger, long idInstance);

    [LoggerMessage(3001, LogLevel.Debug, "Ended polling instance {IdInstance}.")]
    public static partial void PollerEnded(this ILogger logger, long idInstance);

    [LoggerMessage(3002, LogLevel.Information, "Instance {IdInstance} is polled again; its previous state was {State}.")]
    public static partial void PollerRecovered(this ILogger logger, long idInstance, PollerState state);

    [LoggerMessage(3010, LogLevel.Error, "Polling of instance {IdInstance} is stopped because {Method} returned {Result}. {Advice} Polling is retried when the entry of the instance changes, or otherwise in {Delay} s.")]
    public static partial void PollerStopped(this ILogger logger, long idInstance, string method, string result, string advice, double delay);

    [LoggerMessage(3011, LogLevel.Error, "Instance {IdInstance} is not connected to its messenger, so no calls arrive: it was logged out, or the messenger has blocked the account. The GREEN-API console shows which. Scan the QR code there, or use another number. Until then the instance is polled every {Delay} s.")]
    public static partial void InstanceNotAuthorized(this ILogger logger, long idInstance, double delay);

    [LoggerMessage(3012, LogLevel.Error, "Instance {IdInstance} posts its notifications to a webhook, so it cannot be polled. Clear webhookUrl in the GREEN-API console and wait a minute, or set Receive to Webhook. The next attempt is in {Delay} s.")]
    public static partial void WebhookUrlSet(this ILogger logger, long idInstance, double delay);

    [LoggerMessage(3013, LogLevel.Warning, "{Method} of instance {IdInstance} returned {Result}; the next attempt is in {Delay} s. Further failures are logged at level Debug.")]
    public static partial void PollFailed(this ILogger logger, string method, long idInstance, string result, double delay);

    [LoggerMessage(3014, LogLevel.Debug, "{Method} of instance {IdInstance} returned {Result} again; the next attempt is in {Delay} s.")]
    public static partial void PollStillFailing(this ILogger logger, string method, long idInstance, string result, double delay);

    [LoggerMessage(3015, LogLevel.Warning, "Instance {IdInstance} is in state {State}; until the state changes, the instance is polled every {Delay} s.")]
    public static partial void PollerSlowed(this ILogger logger, long idInstance, PollerState state, double delay);

    [LoggerMessage(3016, LogLevel.Error, "A notification of instance {IdInstance} could not be stored. It remains in the queue of the gateway and is received again. Check the storage of the inbox; the exception contains the cause.")]
    public static partial void NotificationNotStored(this ILogger logger, long idInstance, Exception exception);

    [LoggerMessage(3017, LogLevel.Warning, "A notification of instance {IdInstance} is not acknowledged (outcome {Outcome}) and remains in the queue of the gateway. Reason: {Reason}")]
    public static partial void NotificationNotAcknowledged(this ILogger logger, long idInstance, IntakeOutcome outcome, string? reason);

    [LoggerMessage(3018, LogLevel.Error, "A response for instance {IdInstance} has no receiptId, so the notification cannot be deleted. Check that ApiUrl is the address of the API. The next attempt is in {Delay} s.")]
    public static partial void ReceiptIdMissing(this ILogger logger, long idInstance, double delay);

    [LoggerMessage(3019, LogLevel.Error, "The poller of instance {IdInstance} failed unexpectedly and retries in {Delay} s. If the error recurs, report the exception.")]
    public static partial void PollerFaulted(this ILogger logger, long idInstance, double delay, Exception exception);

    [LoggerMessage(3020, LogLevel.Error, "Instance {IdInstance} is not polled until its entry changes. {Problem}")]
    public static partial void InstanceUnusable(this ILogger logger, long idInstance, string problem);

    [LoggerMessage(3021, LogLevel.Error, "{Key} is an invalid entry and is skipped. {Problem}")]
    public static partial void InstanceEntrySkipped(this ILogger logger, string key, string problem);

    [LoggerMessage(3022, LogLevel.Critical, "Polling has ended unexpectedly for all instances. Restart the host.")]
    public static partial void PollingEnded(this ILogger logger, Exception exception);

    [LoggerMessage(3023, LogLevel.Warning, "{Method} of instance {IdInstance} returned {Result}. {Advice} The next attempt is in {Delay} s; if every answer is the same for {Minutes} minutes, polling stops.")]
    public static partial void PollRefused(this ILogger logger, long idInstance, string method, string result, string advice, double delay, double minutes);

    [LoggerMessage(3024, LogLevel.Warning, "The API answers that instance {IdInstance} has expired or was deleted. For its first minutes, rarely its first hours, a new or just renewed instance is answered so too. The instance is polled every {Delay} s.")]
    public static partial void InstanceExpired(this ILogger logger, long idInstance, double delay);

    [LoggerMessage(3025, LogLevel.Error, "{Problem} Culture, TimeZone and Labels of the entry are ignored until it changes; its calls are received.")]
    public static partial void InstanceTextsIgnored(this ILogger logger, string problem);

    [LoggerMessage(3030, LogLevel.Warning, "Caller name requests of instance {IdInstance} are paused until {Until:u} because getContactInfo failed: {Failure}.")]
    public static partial void CallerNamesPaused(this ILogger logger, long idInstance, DateTimeOffset until, string failure);

    [LoggerMessage(3031, LogLevel.Debug, "The name of caller {ChatId} is not requested because {Count} name requests of instance {IdInstance} are already queued.")]
    public static partial void CallerNameQueueFull(this ILogger logger, ChatId chatId, int count, long idInstance);

    [LoggerMessage(3032, LogLevel.Warning, "Phone number requests for linked ids of instance {IdInstance} are paused until {Until:u} because checkWhatsapp failed: {Failure}.")]
    public static partial void LinkedIdLookupsPaused(this ILogger logger, long idInstance, DateTimeOffset until, string failure);

    [LoggerMessage(3033, LogLevel.Debug, "The phone number of caller {ChatId} is not requested because {Count} phone number requests of instance {IdInstance} are already queued.")]
    public static partial void LinkedIdQueueFull(this ILogger logger, ChatId chatId, int count, long idInstance);

    [LoggerMessage(3034, LogLevel.Warning, "This host has sent {Limit} phone number requests for linked ids of instance {IdInstance} this month, as many as LinkedIdLookupsPerMonth allows. It sends no more until {Until:u}; such callers are shown by their id. If the plan has a larger quota, raise the option.")]
    public static partial void LinkedIdLookupsUsedUp(this ILogger logger, long idInstance, int limit, DateTimeOffset until);

    [LoggerMessage(3035, LogLevel.Debug, "The account of instance {IdInstance} is not known because getWaSettings returned {Result}, or contained no id; a call from its linked id is not recognised as one of the own number. The next attempt is in {Delay} s.")]
    public static partial void OwnAccountUnknown(this ILogger logger, long idInstance, string result, double delay);

    [LoggerMessage(3036, LogLevel.Warning, "The call journal of instance {IdInstance} is not available: {Result}. Calls of which no notification reports the outcome remain without it, and the journal is asked again after {Until:u}. Check the plan and the token of the instance, or set GreenApi:CallJournal to Off.")]
    public static partial void CallJournalUnavailable(this ILogger logger, long idInstance, DateTimeOffset until, string result);

    [LoggerMessage(3037, LogLevel.Error, "The call journal of instance {IdInstance} could not be read because of an unexpected failure ({Error}); it is read again later. If the error recurs, report it.")]
    public static partial void JournalScanFailed(this ILogger logger, long idInstance, string error);
}
