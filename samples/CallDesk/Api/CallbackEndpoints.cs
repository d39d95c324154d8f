using CallDesk.Store;

namespace CallDesk.Api;

internal static class CallbackEndpoints
{
    /// <summary>An operator says that he called back, or that he did not after all. The id of a call has a slash in it.</summary>
    public static void MapCallbackApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/called-back").RequireSameOrigin();

        api.MapPost("/{**id}", async (string id, DeskStore store, CancellationToken cancellationToken) =>
            NoContentOrNotFound(await store.MarkCalledBackAsync(id, isCalledBack: true, cancellationToken)));
        api.MapDelete("/{**id}", async (string id, DeskStore store, CancellationToken cancellationToken) =>
            NoContentOrNotFound(await store.MarkCalledBackAsync(id, isCalledBack: false, cancellationToken)));
    }

    private static IResult NoContentOrNotFound(bool isKnown) => isKnown ? Results.NoContent() : Results.NotFound();
}
