using CallDesk.Store;
using Microsoft.EntityFrameworkCore;

namespace CallDesk.Api;

internal static class DeskEndpoints
{
    /// <summary>What the page reads; each list is oldest first, and <c>?since=</c> leaves out what is older.</summary>
    public static void MapDeskApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api");
        api.MapGet("/calls", (DeskDb db, DateTimeOffset? since) => List(db.Calls, since));
        api.MapGet("/events", (DeskDb db, DateTimeOffset? since) => List(db.Events, since));
        api.MapGet("/records", (DeskDb db, DateTimeOffset? since) => List(db.Records, since));
        api.MapGet("/alerts", (DeskDb db, DateTimeOffset? since) => List(db.Alerts, since));
        api.MapGet("/stream", (DeskFeed feed) => TypedResults.ServerSentEvents(feed.FollowAsync()));
    }

    private static IAsyncEnumerable<T> List<T>(IQueryable<T> rows, DateTimeOffset? since)
        where T : class, IDeskRow
    {
        var from = since?.UtcDateTime ?? DateTime.MinValue;
        return rows.AsNoTracking()
            .Where(row => row.At >= from)
            .OrderBy(row => row.At)
            .ThenBy(row => row.WrittenAt)
            // Every node lists in the same order, whatever the database finds first.
            .ThenBy(row => row.Id)
            .AsAsyncEnumerable();
    }
}
