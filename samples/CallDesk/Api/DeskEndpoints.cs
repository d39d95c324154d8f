using CallDesk.Live;
using CallDesk.Store;
using Microsoft.EntityFrameworkCore;

namespace CallDesk.Api;

internal static class DeskEndpoints
{
    /// <summary>What the page reads; each list is oldest first, <c>?since=</c> leaves out what is older, and <c>?callerOf=</c> a call what is of others.</summary>
    public static void MapDeskApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api");
        api.MapGet("/calls", (DeskDb db, [AsParameters] DeskQuery query) => List(db, db.Calls, query));
        api.MapGet("/events", (DeskDb db, [AsParameters] DeskQuery query) => List(db, db.Events, query));
        api.MapGet("/records", (DeskDb db, [AsParameters] DeskQuery query) => List(db, db.Records, query));
        api.MapGet("/alerts", (DeskDb db, [AsParameters] DeskQuery query) => List(db, db.Alerts, query));
        api.MapGet("/callbacks", (DeskDb db, [AsParameters] DeskQuery query) => List(db, db.Callbacks, query));
        api.MapGet("/stream", (DeskFeed feed) => TypedResults.ServerSentEvents(feed.SubscribeAsync()));
    }

    private static IAsyncEnumerable<T> List<T>(DeskDb db, IQueryable<T> rows, DeskQuery query)
        where T : class, IDeskRow
    {
        var from = query.Since?.UtcDateTime ?? DateTime.MinValue;
        if (query.CallerOf is { } id)
        {
            rows = rows.Where(row => db.Calls.Where(call => call.Id == id && call.ChatId != null).Select(call => call.ChatId).Contains(row.ChatId));
        }

        return rows.AsNoTracking()
            .Where(row => row.At >= from)
            .OrderBy(row => row.At)
            .ThenBy(row => row.WrittenAt)
            // Every node lists in the same order, whatever the database finds first.
            .ThenBy(row => row.Id)
            .AsAsyncEnumerable();
    }
}

/// <summary>Which rows of a list are wanted.</summary>
/// <param name="Since">Not those before.</param>
/// <param name="CallerOf">Only those of whoever made this call: servers log addresses, and a chat id is a phone number.</param>
internal sealed record DeskQuery(DateTimeOffset? Since, string? CallerOf);

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
