using CallDesk.Store;
using Microsoft.EntityFrameworkCore;

namespace CallDesk.Api;

internal static class DeskEndpoints
{
    /// <summary>What the page reads; each list is oldest first, <c>?since=</c> leaves out what is older, and <c>?chatId=</c> what is of others.</summary>
    public static void MapDeskApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api");
        api.MapGet("/calls", (DeskDb db, [AsParameters] DeskQuery query) => List(db.Calls, query));
        api.MapGet("/events", (DeskDb db, [AsParameters] DeskQuery query) => List(db.Events, query));
        api.MapGet("/records", (DeskDb db, [AsParameters] DeskQuery query) => List(db.Records, query));
        api.MapGet("/alerts", (DeskDb db, [AsParameters] DeskQuery query) => List(db.Alerts, query));
        api.MapGet("/callbacks", (DeskDb db, [AsParameters] DeskQuery query) => List(db.Callbacks, query));
        api.MapGet("/stream", (DeskFeed feed) => TypedResults.ServerSentEvents(feed.FollowAsync()));
    }

    private static IAsyncEnumerable<T> List<T>(IQueryable<T> rows, DeskQuery query)
        where T : class, IDeskRow
    {
        var from = query.Since?.UtcDateTime ?? DateTime.MinValue;
        return rows.AsNoTracking()
            .Where(row => row.At >= from && (query.ChatId == null || row.ChatId == query.ChatId))
            .OrderBy(row => row.At)
            .ThenBy(row => row.WrittenAt)
            .AsAsyncEnumerable();
    }
}
