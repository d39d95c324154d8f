using System.Net;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.AspNetCore.Telemetry;

/// <summary>Counts and logs refused and failed requests; each kind is logged at most once per minute.</summary>
internal sealed class WebhookLog(WebhookMetrics metrics, TimeProvider time, ILogger<WebhookLog> logger)
{
    private readonly LogThrottle _sender = new(time);
    private readonly LogThrottle _token = new(time);
    private readonly LogThrottle _route = new(time);
    private readonly LogThrottle _size = new(time);
    private readonly LogThrottle _unavailable = new(time);
    private readonly LogThrottle _failed = new(time);

    public void SenderRefused(IPAddress? sender)
    {
        metrics.RecordRefused("sender");
        if (_sender.TryPass(out var count))
        {
            logger.SenderRefused(count, sender);
        }
    }

    public void TokenRefused(IPAddress? sender, bool isMissing, bool isAnyConfigured)
    {
        metrics.RecordRefused("token");
        if (_token.TryPass(out var count))
        {
            var problem = !isAnyConfigured ? "No token is configured; set IncomingCalls:Webhook:Tokens:0, or the WebhookTokens of the instances."
                : isMissing ? "The request had no Authorization header; set webhookUrlToken in the settings of the instance."
                : "The token of the request is not configured; compare webhookUrlToken of the instance with IncomingCalls:Webhook:Tokens.";
            logger.TokenRefused(count, sender, problem);
        }
    }

    public void RouteRefused(IPAddress? sender)
    {
        metrics.RecordRefused("instance");
        if (_route.TryPass(out var count))
        {
            logger.RouteRefused(count, sender);
        }
    }

    public void TooLarge(int limit)
    {
        metrics.RecordRefused("size");
        if (_size.TryPass(out var count))
        {
            logger.TooLarge(count, limit);
        }
    }

    public void Unavailable(CallInboxUnavailableException exception)
    {
        if (_unavailable.TryPass(out var count))
        {
            logger.Unavailable(count, exception);
        }
    }

    public void Failed(Exception exception)
    {
        if (_failed.TryPass(out var count))
        {
            logger.Failed(count, exception);
        }
    }

    public void UploadBroken(Exception exception) => logger.UploadBroken(exception.GetType().Name);

    public void ClientGone() => logger.ClientGone();
}
