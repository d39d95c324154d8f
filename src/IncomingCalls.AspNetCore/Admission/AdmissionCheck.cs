using System.Globalization;
using IncomingCalls.AspNetCore.Telemetry;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.AspNetCore.Admission;

/// <summary>Decides whether the body of a request may be read: checks the sender, then the token, then the route.</summary>
internal sealed class AdmissionCheck(SenderCheck senders, IWebhookTokenValidator tokens, WebhookLog log)
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

        var token = tokens.Validate(context.Request.Headers.Authorization);
        if (!token.IsValid)
        {
            log.TokenRefused(context.Request, token.Problem!);
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return new(StatusCodes.Status401Unauthorized);
        }

        if (!context.Request.RouteValues.TryGetValue(RouteParameter, out var value))
        {
            return new(StatusCodes.Status200OK, token.ExpectedIdInstances);
        }

        // Without a constraint the pattern also matches text that is not a number, which belongs to no instance.
        var isNumber = long.TryParse(value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var idInstance);
        if (!isNumber || token.ExpectedIdInstances?.Contains(idInstance) == false)
        {
            log.RouteRefused(address);
            return new(StatusCodes.Status403Forbidden);
        }

        return new(StatusCodes.Status200OK, [idInstance]);
    }
}

/// <summary>The result of the checks before the body of a request is read.</summary>
/// <param name="Status">200 if the body may be read; otherwise, the status code of the response.</param>
/// <param name="ExpectedIdInstances">The instances to one of which the notification must belong; null for every instance.</param>
internal readonly record struct AdmissionResult(int Status, IReadOnlyCollection<long>? ExpectedIdInstances = null);
