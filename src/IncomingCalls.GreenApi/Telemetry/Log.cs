using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Telemetry;

/// <summary>Everything this package logs; ids 3000 to 3999. No bodies, no tokens, no addresses, and chat ids only masked.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Debug, "Polling of instance {IdInstance} begins.")]
    public static partial void PollerStarted(this ILogger logger, long idInstance);

    [LoggerMessage(3001, LogLevel.Debug, "Polling of instance {IdInstance} has ended.")]
    public static partial void PollerEnded(this ILogger logger, long idInstance);

    [LoggerMessage(3002, LogLevel.Information, "Instance {IdInstance} is polled again (was: {State}).")]
    public static partial void PollerRecovered(this ILogger logger, long idInstance, PollerState state);

    [LoggerMessage(3010, LogLevel.Error, "Polling of instance {IdInstance} is stopped: {Method} was answered {Answer}. {Advice} A change is followed at once; without one the next look is in {Delay} s.")]
    public static partial void PollerStopped(this ILogger logger, long idInstance, string method, string answer, string advice, double delay);

    [LoggerMessage(3011, LogLevel.Error, "Instance {IdInstance} is not logged in to its messenger, so no calls arrive: scan the QR code in the console. Looked at every {Delay} s meanwhile.")]
    public static partial void InstanceNotAuthorized(this ILogger logger, long idInstance, double delay);

    [LoggerMessage(3012, LogLevel.Error, "Instance {IdInstance} posts its notifications to a webhook, so there is nothing to poll: clear webhookUrl in the console and wait a minute, or set Receive to Webhook. Next try in {Delay} s.")]
    public static partial void WebhookUrlSet(this ILogger logger, long idInstance, double delay);

    [LoggerMessage(3013, LogLevel.Warning, "Instance {IdInstance}: {Method} was answered {Answer}; next try in {Delay} s. Further failures are logged at Debug.")]
    public static partial void PollFailed(this ILogger logger, long idInstance, string method, string answer, double delay);

    [LoggerMessage(3014, LogLevel.Debug, "Instance {IdInstance}: {Method} was answered {Answer} again; next try in {Delay} s.")]
    public static partial void PollStillFailing(this ILogger logger, long idInstance, string method, string answer, double delay);

    [LoggerMessage(3015, LogLevel.Warning, "Instance {IdInstance}: {State}; polled every {Delay} s meanwhile.")]
    public static partial void PollerSlowed(this ILogger logger, long idInstance, PollerState state, double delay);

    [LoggerMessage(3016, LogLevel.Error, "A notification of instance {IdInstance} could not be kept; it stays in the queue and is received again.")]
    public static partial void NotificationNotStored(this ILogger logger, long idInstance, Exception exception);

    [LoggerMessage(3017, LogLevel.Warning, "A notification of instance {IdInstance} is not acknowledged ({Outcome}): {Reason} It stays in the queue.")]
    public static partial void NotificationNotAcknowledged(this ILogger logger, long idInstance, IntakeOutcome outcome, string? reason);

    [LoggerMessage(3018, LogLevel.Error, "An answer for instance {IdInstance} has no receiptId, so that it cannot be deleted; next try in {Delay} s. Does ApiUrl lead to the API?")]
    public static partial void ReceiptIdMissing(this ILogger logger, long idInstance, double delay);

    [LoggerMessage(3019, LogLevel.Error, "The poller of instance {IdInstance} failed; it goes on in {Delay} s.")]
    public static partial void PollerFaulted(this ILogger logger, long idInstance, double delay, Exception exception);

    [LoggerMessage(3020, LogLevel.Error, "Instance {IdInstance} {Complaint} It is not polled until its entry changes.")]
    public static partial void InstanceUnusable(this ILogger logger, long idInstance, string complaint);

    [LoggerMessage(3021, LogLevel.Error, "{Key} {Complaint} The entry is skipped.")]
    public static partial void InstanceEntrySkipped(this ILogger logger, string key, string complaint);

    [LoggerMessage(3022, LogLevel.Critical, "Polling has ended unexpectedly for all instances. Restart the host.")]
    public static partial void PollingEnded(this ILogger logger, Exception exception);

    [LoggerMessage(3030, LogLevel.Warning, "Callers' names of instance {IdInstance} are not asked for until {Until:u}: getContactInfo was answered {Answer}.")]
    public static partial void CallerNamesPaused(this ILogger logger, long idInstance, DateTimeOffset until, string answer);

    [LoggerMessage(3031, LogLevel.Debug, "The name of {ChatId} is not asked for: {Count} callers of instance {IdInstance} wait already.")]
    public static partial void CallerNameQueueFull(this ILogger logger, ChatId chatId, int count, long idInstance);
}
