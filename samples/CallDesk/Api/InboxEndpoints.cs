using IncomingCalls;

namespace CallDesk.Api;

internal static class InboxEndpoints
{
    private const int PageSize = 1000;

    /// <summary>Maps the lists of dead letters and quarantined notifications, oldest first, and the actions on them.</summary>
    public static void MapInboxApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api").RequireSameOrigin().AddEndpointFilter(HandleUnavailableAsync);

        api.MapGet("/dead-letters", async (ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            await inbox.ListDeadLettersAsync(PageSize, cancellationToken: cancellationToken));
        api.MapPost("/dead-letters/{id:long}/replay", async (long id, ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            NoContentOrNotFound(await inbox.ReplayDeadLettersAsync(id, cancellationToken)));
        api.MapDelete("/dead-letters/{id:long}", async (long id, ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            NoContentOrNotFound(await inbox.PurgeDeadLettersAsync(id, cancellationToken)));

        api.MapGet("/quarantine", async (ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            await inbox.ListQuarantineAsync(PageSize, cancellationToken: cancellationToken));
        api.MapGet("/quarantine/{id:long}", async (long id, ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            await inbox.ReadQuarantinedAsync(id, cancellationToken) is { } bytes ? Results.Bytes(bytes, "application/octet-stream") : Results.NotFound());
        api.MapPost("/quarantine/{id:long}/replay", async (long id, ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            NoContentOrNotFound(await inbox.ReplayQuarantineAsync(id, cancellationToken)));
        api.MapDelete("/quarantine/{id:long}", async (long id, ICallInboxAdministration inbox, CancellationToken cancellationToken) =>
            NoContentOrNotFound(await inbox.PurgeQuarantineAsync(id, cancellationToken)));
    }

    private static IResult NoContentOrNotFound(int count) => count > 0 ? Results.NoContent() : Results.NotFound();

    /// <summary>Answers with 503 and the reason when the inbox cannot be read.</summary>
    public static async ValueTask<object?> HandleUnavailableAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
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
