using IncomingCalls.Fakes.Crm.Portals;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Fakes.Crm.Http;

/// <summary>
/// Answers the requests to portals. Assumed: a proxy checks the URL, the limit and the availability first, then the application checks the token and the
/// subscription.
/// </summary>
internal sealed class PortalApi(PortalDirectory portals)
{
    private static readonly string[] TokenParameters = ["access_token", "auth", "refresh_token", "token"];

    /// <summary>Answers a request.</summary>
    /// <param name="context">The HTTP request.</param>
    /// <param name="name">The name of the portal.</param>
    /// <param name="path">The path below the portal.</param>
    public async Task HandleAsync(HttpContext context, string name, string[] path)
    {
        var (operation, recordId) = PortalRoutes.Find(context.Request.Method, path);
        var urlHasToken = UrlHasToken(context.Request, path);
        var number = portals.Log.Add(name, context.Request.Method, urlHasToken ? "(contains a token)" : string.Join('/', path), operation, context.Request.Headers.UserAgent is [{ Length: > 0 } client, ..] ? client : null);
        if (portals.Find(name) is not { } portal)
        {
            await AnswerAsync(context, number, CrmResponse.NotFound("Unknown portal"));
            return;
        }

        if (portal.IsDown)
        {
            context.Abort();
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = new PortalRequest(context, portal, operation, recordId, body.ToArray(), portals.Log, number);
        if (urlHasToken)
        {
            // Assumed, after RFC 6750: a token in a URL is in the logs of every proxy. Bitrix24 allows one in the query.
            request.AddViolation(ViolationKind.TokenInUrl);
            await AnswerAsync(context, number, CrmResponse.Problem(StatusCodes.Status400BadRequest, "Bad Request", "A URL must not contain a token"));
            return;
        }

        await ExecuteAsync(request, number);
    }

    private async Task ExecuteAsync(PortalRequest request, int number)
    {
        if (LimitResponses.Admit(request) is { } refusal)
        {
            await AnswerAsync(request.Context, number, refusal);
            return;
        }

        var fault = request.Operation is { } operation ? request.Portal.Faults.Dequeue(operation) : null;
        if (fault?.Fault == CrmFault.ConnectionCut)
        {
            request.Context.Abort();
            return;
        }

        var response = FaultResponses.Replace(request, fault) ?? Authorize(request) ?? PortalRoutes.Execute(request);
        if (fault?.Fault == CrmFault.ServerErrorAfterExecution)
        {
            response = FaultResponses.ServerError;
        }

        if (fault?.Fault == CrmFault.LostAnswer)
        {
            request.Context.Abort();
            return;
        }

        if (fault is { Delay: var delay } && delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, portals.Time, request.Context.RequestAborted);
        }

        await AnswerAsync(request.Context, number, response);
    }

    private static CrmResponse? Authorize(PortalRequest request)
    {
        if (request.Operation == CrmOperation.RefreshTokens)
        {
            return null;
        }

        return TokenMethods.Authorize(request) ?? (request.Portal.SubscriptionIsOver ? FaultResponses.PaymentRequired : null);
    }

    private Task AnswerAsync(HttpContext context, int number, CrmResponse response)
    {
        portals.Log.SetStatus(number, response.Status);
        return response.WriteAsync(context);
    }

    private bool UrlHasToken(HttpRequest request, string[] path) =>
        request.Query.Keys.Any(key => TokenParameters.Contains(key, StringComparer.OrdinalIgnoreCase))
        || path.Concat(request.Query.SelectMany(parameter => parameter.Value)).Any(value => portals.Issued.FindPortal(value ?? "") is not null);
}
