using System.Net;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.AspNetCore.Telemetry;

/// <summary>The log messages of the webhook endpoint; event ids 2000 to 2999. They contain no bodies, tokens or phone numbers.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Warning, "{Count} webhook requests were answered 403 since this was last logged, because their address is not in IncomingCalls:Webhook:AllowedSenders; the latest came from {Sender}. {Explanation}")]
    public static partial void SenderRefused(this ILogger logger, long count, IPAddress? sender, string explanation);

    [LoggerMessage(2001, LogLevel.Warning, "{Count} webhook requests were answered 401 since this was last logged; the latest came from {Sender}. The gateway redelivers such a notification for 24 hours and holds back all later ones of the instance. The latest request was refused for this reason: {Problem}")]
    public static partial void TokenRefused(this ILogger logger, long count, IPAddress? sender, string problem);

    [LoggerMessage(2002, LogLevel.Warning, "{Count} webhook requests were answered 403 since this was last logged, because their token is not valid for the instance in the route; the latest came from {Sender}. Compare webhookUrl and webhookUrlToken in the settings of the instance.")]
    public static partial void RouteRefused(this ILogger logger, long count, IPAddress? sender);

    [LoggerMessage(2003, LogLevel.Error, "{Count} webhook requests with a body of more than {Limit} bytes arrived since this was last logged; the beginning of each is quarantined, and they are acknowledged. Find out what sends them.")]
    public static partial void TooLarge(this ILogger logger, long count, int limit);

    [LoggerMessage(2004, LogLevel.Error, "{Count} webhook requests were answered 415 since this was last logged, because their body is compressed (Content-Encoding). Configure the relay to send it uncompressed, or add app.UseRequestDecompression() before the endpoint.")]
    public static partial void BodyCompressed(this ILogger logger, long count);

    [LoggerMessage(2005, LogLevel.Error, "{Count} webhook requests with a valid token had no body since this was last logged, and were answered 400. If the gateway sent them, a proxy or relay before this host removes the body.")]
    public static partial void BodyEmpty(this ILogger logger, long count);

    [LoggerMessage(2006, LogLevel.Error, "{Count} webhook requests were answered 500 since this was last logged, because middleware of this host had read their body before the endpoint. Map the endpoint before that middleware, or let it call Request.EnableBuffering() and leave the body open.")]
    public static partial void BodyConsumed(this ILogger logger, long count);

    [LoggerMessage(2010, LogLevel.Error, "{Count} webhook requests were answered 503 since this was last logged, because the inbox did not accept their notifications; the gateway redelivers them. Fix the cause that the exception describes.")]
    public static partial void Unavailable(this ILogger logger, long count, Exception exception);

    [LoggerMessage(2011, LogLevel.Error, "{Count} webhook requests were answered 503 since this was last logged, because of an unexpected exception; the gateway redelivers their notifications. Find the cause in the stack trace of the exception.")]
    public static partial void Failed(this ILogger logger, long count, Exception exception);

    [LoggerMessage(2020, LogLevel.Debug, "The body of a webhook request was not received completely; reading it failed with {Failure}.")]
    public static partial void UploadBroken(this ILogger logger, string failure);

    [LoggerMessage(2021, LogLevel.Debug, "The client disconnected before its webhook request was answered; the gateway redelivers the notification.")]
    public static partial void ClientGone(this ILogger logger);

    [LoggerMessage(2030, LogLevel.Warning, "IncomingCalls:Webhook:AllowAnonymous is set, so every client that can reach the webhook endpoint can post calls. Set IncomingCalls:Webhook:Tokens instead, unless unauthorized clients cannot reach the endpoint.")]
    public static partial void Anonymous(this ILogger logger);
}
