using System.Globalization;
using IncomingCalls.AspNetCore.Telemetry;
using IncomingCalls.AspNetCore.Tokens;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.AspNetCore.Admission;

/// <summary>Decides whether the body of a request may be read: checks the sender, then the token, then the route.</summary>
internal sealed class AdmissionCheck(SenderCheck senders, WebhookTokenProvider tokens, WebhookLog log)
{
    /// <summary>The name of the parameter in a route such as <c>/hooks/{idInstance:long}</c>.</summary>
    private const string RouteParameter = "idInstance";

    public AdmissionResult Admit(HttpContext context, IncomingCallsWebhookOptions options)
    {
        var address = context.Connection.RemoteIpAddress;
        if (!senders.Allows(options, address))
        {
            log.SenderRefused(context.Request, address);
            return new(StatusCodes.Status403Forbidden);
        }

        if (FindGrant(context.Request, options) is not { } grant)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return new(StatusCodes.Status401Unauthorized);
        }

        if (!context.Request.RouteValues.TryGetValue(RouteParameter, out var value))
        {
            return new(StatusCodes.Status200OK, grant);
        }

        // Without a constraint the pattern also matches text that is not a number, which belongs to no instance.
        var isNumber = long.TryParse(value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var idInstance);
        if (!isNumber || !grant.Allows(idInstance))
        {
            log.RouteRefused(address);
            return new(StatusCodes.Status403Forbidden);
        }

        return new(StatusCodes.Status200OK, grant, idInstance);
    }

    private TokenGrant? FindGrant(HttpRequest request, IncomingCallsWebhookOptions options)
    {
        if (options.AllowAnonymous)
        {
            return TokenGrant.Anonymous;
        }

        var index = tokens.GetIndex(options);
        var header = request.Headers.Authorization;
        var grant = index.Find(header);
        if (grant is null)
        {
            log.TokenRefused(request.HttpContext.Connection.RemoteIpAddress, isMissing: header.Count == 0, isAnyConfigured: !index.IsEmpty);
        }

        return grant;
    }
}

/// <summary>The result of the checks before the body of a request is read.</summary>
/// <param name="Status">200 if the body may be read; otherwise, the status code of the response.</param>
/// <param name="Grant">The grant of the token; null if the request was refused.</param>
/// <param name="RouteInstance">The instance number in the route; null if the route has none.</param>
internal readonly record struct AdmissionResult(int Status, TokenGrant? Grant = null, long? RouteInstance = null)
{
    /// <summary>The instances to one of which the notification must belong; null for every instance.</summary>
    public IReadOnlyCollection<long>? ExpectedIdInstances => RouteInstance is { } idInstance ? [idInstance] : Grant?.Owners;
}
