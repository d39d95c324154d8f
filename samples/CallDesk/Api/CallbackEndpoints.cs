using CallDesk.Callbacks;
using IncomingCalls;

namespace CallDesk.Api;

internal static class CallbackEndpoints
{
    /// <summary>How the inbox says that an operator has called back. The page has no sign-in, so it does not know who.</summary>
    private const string How = "marked in CallDesk";

    /// <summary>Maps the list of the open callbacks, oldest first, and the endpoint with which an operator closes one.</summary>
    public static void MapCallbackApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api").RequireSameOrigin().AddEndpointFilter(InboxEndpoints.HandleUnavailableAsync);

        api.MapGet("/callbacks", (CallbackReader callbacks, CancellationToken cancellationToken) => callbacks.ReadAsync(cancellationToken));
        // The person is in the body and not in the address, since it contains a phone number: web servers log addresses.
        api.MapPost("/called-back", async (Person person, ICallbacks callbacks, TimeProvider time, CancellationToken cancellationToken) =>
            await callbacks.CloseAsync(person, by: null, time.GetUtcNow(), How, cancellationToken) ? Results.NoContent() : Results.NotFound());
    }
}
