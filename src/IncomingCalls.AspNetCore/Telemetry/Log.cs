using System.Net;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.AspNetCore.Telemetry;

/// <summary>Everything the webhook endpoint logs; ids 2000 to 2999. No bodies, no tokens, no phone numbers.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Warning, "{Count} webhook requests answered 403 since this was last said, the latest from {Sender}: its address is not in IncomingCalls:Webhook:AllowedSenders. Behind a proxy, use the forwarded-headers middleware.")]
    public static partial void SenderRefused(this ILogger logger, long count, IPAddress? sender);

    [LoggerMessage(2001, LogLevel.Warning, "{Count} webhook requests answered 401 since this was last said, the latest from {Sender}: {Problem}. A gateway that is answered 401 repeats for 24 hours and holds back everything else.")]
    public static partial void TokenRefused(this ILogger logger, long count, IPAddress? sender, string problem);

    [LoggerMessage(2002, LogLevel.Warning, "{Count} webhook requests answered 403 since this was last said, the latest from {Sender}: the route is that of one instance, the token that of another.")]
    public static partial void RouteRefused(this ILogger logger, long count, IPAddress? sender);

    [LoggerMessage(2003, LogLevel.Warning, "{Count} webhook requests answered 413 since this was last said: longer than {Limit} bytes. If they are the gateway's, raise IncomingCalls:Webhook:MaxBodyBytes, since it repeats them and holds back everything else.")]
    public static partial void TooLarge(this ILogger logger, long count, int limit);

    [LoggerMessage(2010, LogLevel.Error, "{Count} webhook requests answered 503 since this was last said: what they brought could not be kept, and the gateway sends it again.")]
    public static partial void Unavailable(this ILogger logger, long count, Exception exception);

    [LoggerMessage(2011, LogLevel.Error, "{Count} webhook requests answered 503 since this was last said, because of an unexpected failure; the gateway sends them again.")]
    public static partial void Failed(this ILogger logger, long count, Exception exception);

    [LoggerMessage(2020, LogLevel.Debug, "The body of a webhook request did not arrive whole: {Failure}.")]
    public static partial void UploadBroken(this ILogger logger, string failure);

    [LoggerMessage(2021, LogLevel.Debug, "The sender of a webhook request did not wait for the answer; it will send the notification again.")]
    public static partial void ClientGone(this ILogger logger);

    [LoggerMessage(2030, LogLevel.Warning, "IncomingCalls:Webhook:AllowAnonymous is set: whoever reaches the webhook endpoint can post calls.")]
    public static partial void Anonymous(this ILogger logger);
}
