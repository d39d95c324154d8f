using System.Text.Json.Serialization;
using IncomingCalls.Inbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IncomingCalls.ClusterTests;

/// <summary>The report of a process on the inbox of its cluster.</summary>
internal sealed record InboxReport
{
    /// <summary>The path of the report.</summary>
    public const string Path = "/report";

    private const int PageSize = 1000;

    /// <summary>The number of pending deliveries.</summary>
    public required long Depth { get; init; }

    /// <summary>The dead letters: event and handler.</summary>
    public required IReadOnlyList<ReportedDeadLetter> DeadLetters { get; init; }

    /// <summary>The SHA-256 of each item in quarantine.</summary>
    public required IReadOnlyList<string> Quarantined { get; init; }

    /// <summary>Lets a process answer with its report.</summary>
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(Path, static async (ICallInboxAdministration inbox) => Results.Json(await CreateAsync(inbox), InboxReportContext.Default.InboxReport));

    private static async Task<InboxReport> CreateAsync(ICallInboxAdministration inbox)
    {
        List<DeadLetter> letters = [];
        List<QuarantineItem> items = [];
        await ReadAllPagesAsync(letters, after => inbox.ListDeadLettersAsync(PageSize, after), letter => letter.Id);
        await ReadAllPagesAsync(items, after => inbox.ListQuarantineAsync(PageSize, after), item => item.Id);
        return new()
        {
            Depth = (await inbox.GetStatisticsAsync()).Depth,
            DeadLetters = [.. letters.Select(letter => new ReportedDeadLetter(letter.EventId, letter.Handler))],
            Quarantined = [.. items.Select(item => item.Sha256)],
        };
    }

    private static async Task ReadAllPagesAsync<T>(List<T> all, Func<long, ValueTask<IReadOnlyList<T>>> read, Func<T, long> idOf)
    {
        IReadOnlyList<T> page;
        do
        {
            page = await read(all.Count == 0 ? 0 : idOf(all[^1]));
            all.AddRange(page);
        }
        while (page.Count == PageSize);
    }
}

/// <summary>A dead letter.</summary>
internal sealed record ReportedDeadLetter(string EventId, string Handler);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(InboxReport))]
internal sealed partial class InboxReportContext : JsonSerializerContext;
