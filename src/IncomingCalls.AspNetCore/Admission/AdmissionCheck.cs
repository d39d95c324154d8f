using System.Globalization;
using IncomingCalls.AspNetCore.Telemetry;
using IncomingCalls.AspNetCore.Tokens;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.AspNetCore.Admission;

/// <summary>Decides whether a request may speak to us, from everything but its body: sender, then token, then route.</summary>
internal sealed class AdmissionCheck(SenderCheck senders, WebhookTokenProvider tokens, WebhookLog journal)
{
    /// <summary>The parameter of a route such as <c>/hooks/{idInstance:long}</c>.</summary>
    private const string RouteParameter = "idInstance";

    public AdmissionResult Admit(HttpContext context, IncomingCallsWebhookOptions options)
    {
        var address = context.Connection.RemoteIpAddress;
        if (!senders.Allows(options, address))
        {
            journal.SenderRefused(address);
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

        // Without a constraint the pattern also lets words through; no instance is called by a word.
        var isNumber = long.TryParse(value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var named);
        if (!isNumber || !grant.Allows(named))
        {
            journal.RouteRefused(address);
            return new(StatusCodes.Status403Forbidden);
        }

        return new(StatusCodes.Status200OK, grant, named);
    }

    private TokenGrant? FindGrant(HttpRequest request, IncomingCallsWebhookOptions options)
    {
        if (options.AllowAnonymous)
        {
            return TokenGrant.Anonymous;
        }

        var known = tokens.ForOptions(options);
        var header = request.Headers.Authorization;
        var grant = known.Find(header);
        if (grant is null)
        {
            journal.TokenRefused(request.HttpContext.Connection.RemoteIpAddress, isMissing: header.Count == 0, isAnyKnown: !known.IsEmpty);
        }

        return grant;
    }
}

/// <summary>What is decided about a request before its body is read.</summary>
/// <param name="Status">200 when the body may be read, else the answer.</param>
/// <param name="Grant">What the token entitles to; null when refused.</param>
/// <param name="RouteInstance">The instance that the route names; null when it names none.</param>
internal readonly record struct AdmissionResult(int Status, TokenGrant? Grant = null, long? RouteInstance = null)
{
    /// <summary>The instances of which the notification must name one; null when it may name any.</summary>
    public IReadOnlyCollection<long>? Expected => RouteInstance is { } named ? [named] : Grant?.Owners;
}
