using IncomingCalls;

namespace CallDesk.Api;

internal static class InboxEndpoints
{
    private const int Page = 1000;

    /// <summary>What failed, and what an operator does about it. Lists are oldest first.</summary>
    public static void MapInboxApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api").AddEndpointFilter(OnlyOwnPagesAsync).AddEndpointFilter(UnavailableAsync);

        api.MapGet("/dead-letters", async (ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            await inbox.ListDeadLettersAsync(Page, cancellationToken: cancellationToken));
        api.MapPost("/dead-letters/{id:long}/replay", async (long id, ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            Done(await inbox.ReplayDeadLettersAsync(id, cancellationToken)));
        api.MapDelete("/dead-letters/{id:long}", async (long id, ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            Done(await inbox.PurgeDeadLettersAsync(id, cancellationToken)));

        api.MapGet("/quarantine", async (ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            await inbox.ListQuarantineAsync(Page, cancellationToken: cancellationToken));
        api.MapGet("/quarantine/{id:long}", async (long id, ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            await inbox.ReadQuarantinedAsync(id, cancellationToken) is { } bytes ? Results.Bytes(bytes, "application/octet-stream") : Results.NotFound());
        api.MapPost("/quarantine/{id:long}/replay", async (long id, ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            Done(await inbox.ReplayQuarantineAsync(id, cancellationToken)));
        api.MapDelete("/quarantine/{id:long}", async (long id, ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            Done(await inbox.PurgeQuarantineAsync(id, cancellationToken)));
    }

    private static IResult Done(int count) => count > 0 ? Results.NoContent() : Results.NotFound();

    /// <summary>A page of somebody else's must not press our buttons. Browsers say where a request comes from; curl need not.</summary>
    private static async ValueTask<object?> OnlyOwnPagesAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            ? await next(context)
            : Results.StatusCode(StatusCodes.Status403Forbidden);

    /// <summary>The file cannot be read now, and the sentence says why.</summary>
    private static async ValueTask<object?> UnavailableAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (CallInboxUnavailableException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
