using CallDesk.Live;
using CallDesk.Store;
using Microsoft.EntityFrameworkCore;

namespace CallDesk.Api;

internal static class DeskEndpoints
{
    /// <summary>Maps the lists that the page reads, oldest first. <c>?since=</c> omits older rows, and <c>?callerOf=</c> a call omits rows of other callers.</summary>
    public static void MapDeskApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api");
        api.MapGet("/calls", (DeskDb db, [AsParameters] DeskQuery query) => List(db, db.Calls, query));
        api.MapGet("/events", (DeskDb db, [AsParameters] DeskQuery query) => List(db, db.Events, query));
        api.MapGet("/records", (DeskDb db, [AsParameters] DeskQuery query) => List(db, db.Records, query));
        api.MapGet("/alerts", (DeskDb db, [AsParameters] DeskQuery query) => List(db, db.Alerts, query));
        api.MapGet("/stream", (DeskFeed feed) => TypedResults.ServerSentEvents(feed.SubscribeAsync())).WithoutBuffering();
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
            // Every node lists the rows in the same order, independent of the query plan of the database.
            .ThenBy(row => row.Id)
            .AsAsyncEnumerable();
    }
}

/// <summary>The filter of a list.</summary>
/// <param name="Since">The start of the period.</param>
/// <param name="CallerOf">The id of a call whose caller is selected. Not the chat id, which contains a phone number: web servers log addresses.</param>
internal sealed record DeskQuery(DateTimeOffset? Since, string? CallerOf);
