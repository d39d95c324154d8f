using System.Net;
using IncomingCalls.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.AspNetCore.Telemetry;

/// <summary>Counts and logs refused and failed requests; each kind is logged at most once per minute.</summary>
internal sealed class WebhookLog(WebhookMetrics metrics, TimeProvider time, ILogger<WebhookLog> logger)
{
    private readonly LogThrottle _sender = new(time);
    private readonly LogThrottle _token = new(time);
    private readonly LogThrottle _doctor = new(time);
    private readonly LogThrottle _route = new(time);
    private readonly LogThrottle _size = new(time);
    private readonly LogThrottle _compressed = new(time);
    private readonly LogThrottle _empty = new(time);
    private readonly LogThrottle _consumed = new(time);
    private readonly LogThrottle _unavailable = new(time);
    private readonly LogThrottle _failed = new(time);

    public void SenderRefused(HttpRequest request, IPAddress? sender)
    {
        metrics.RecordRefused("sender");
        if (_sender.TryPass(out var count))
        {
            logger.SenderRefused(count, sender, ExplainSender(request));
        }
    }

    public void TokenRefused(HttpRequest request, string problem)
    {
        metrics.RecordRefused("token");
        // Counted apart, so that the doctor does not hide a wrong token of the gateway for a minute.
        var isDoctor = DoctorUserAgent.IsWrongTokenCheck(request.Headers.UserAgent);
        if ((isDoctor ? _doctor : _token).TryPass(out var count))
        {
            var explanation = isDoctor
                ? "The request is the check of the doctor whether a wrong token is rejected (User-Agent IncomingCalls-Doctor). If somebody has run the doctor, nothing is to be done."
                : problem;
            logger.TokenRefused(count, request.HttpContext.Connection.RemoteIpAddress, explanation);
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
        if (_size.TryPass(out var count))
        {
            logger.TooLarge(count, limit);
        }
    }

    public void BodyCompressed()
    {
        metrics.RecordRefused("encoding");
        if (_compressed.TryPass(out var count))
        {
            logger.BodyCompressed(count);
        }
    }

    public void BodyEmpty()
    {
        metrics.RecordRefused("empty");
        if (_empty.TryPass(out var count))
        {
            logger.BodyEmpty(count);
        }
    }

    public void BodyConsumed()
    {
        metrics.RecordRefused("consumed");
        if (_consumed.TryPass(out var count))
        {
            logger.BodyConsumed(count);
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

    /// <summary>Explains how the address of the sender was found. The forwarded-headers middleware leaves the header X-Original-For when it has replaced the address.</summary>
    private static string ExplainSender(HttpRequest request) => (request.Headers.ContainsKey("X-Original-For"), request.Headers.ContainsKey("X-Forwarded-For")) switch
    {
        (true, true) => "It is from X-Forwarded-For, of which further addresses were not used: with several proxies, increase ForwardedHeadersOptions.ForwardLimit, and add the proxies to KnownProxies or KnownIPNetworks.",
        (true, false) => "It is from X-Forwarded-For. If it belongs to the gateway, add it to AllowedSenders.",
        (false, true) => "It is the address of the connection, and X-Forwarded-For was ignored: call app.UseForwardedHeaders() before the endpoint, and add the proxy to ForwardedHeadersOptions.KnownProxies or KnownIPNetworks.",
        _ => "It is the address of the connection. If that is a proxy, let it send X-Forwarded-For and use the forwarded-headers middleware.",
    };
}
