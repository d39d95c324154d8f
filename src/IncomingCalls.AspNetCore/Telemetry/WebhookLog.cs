using System.Net;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.AspNetCore.Telemetry;

/// <summary>Counts what the endpoint refuses and fails at, and says each kind once a minute at most.</summary>
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

    public void TokenRefused(IPAddress? sender, bool isMissing, bool isAnyKnown)
    {
        metrics.RecordRefused("token");
        if (_token.TryPass(out var count))
        {
            var problem = !isAnyKnown ? "no token is known here, so write IncomingCalls:Webhook:Tokens:0 or give the instances WebhookTokens"
                : isMissing ? "there was no Authorization header, so set webhookUrlToken in the settings of the instance"
                : "its token is none of ours, so compare webhookUrlToken of the instance with IncomingCalls:Webhook:Tokens";
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
