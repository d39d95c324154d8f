using System.Text.Json.Serialization;
using IncomingCalls.Cli.Output;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>A line about an action of an operator.</summary>
internal sealed class AdministrationLine : IOutputLine
{
    public string Type { get; } = "administration";

    public required long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required AdministrationAction Action { get; init; }

    public required int Count { get; init; }

    public required string? PerformedBy { get; init; }

    public required InboxFilter Filter { get; init; }

    [JsonIgnore]
    public Style Style => Style.Plain;

    public static AdministrationLine FromEntry(AdministrationLogEntry entry) => new()
    {
        Id = entry.Id,
        At = entry.At,
        Action = entry.Action,
        Count = entry.Count,
        PerformedBy = entry.PerformedBy,
        Filter = entry.Filter,
    };

    public string ToText(TimeProvider time) =>
        $"{Id,5}  {LocalDateTimeFormatter.Format(At, time)}  {PerformedBy ?? "somebody"} {DescribeAction()}: {string.Join(", ", DescribeFilter(time).DefaultIfEmpty("all"))}";

    private string DescribeAction() => Action switch
    {
        AdministrationAction.ReplayDeadLetters => $"replayed {Count} dead letters",
        AdministrationAction.PurgeDeadLetters => $"purged {Count} dead letters",
        AdministrationAction.ReplayQuarantine => $"replayed {Count} quarantined notifications",
        AdministrationAction.PurgeQuarantine => $"purged {Count} quarantined notifications",
        AdministrationAction.EndPauses => $"ended {Count} pauses",
        _ => $"changed {Count} items in a way that this version does not know",
    };

    private IEnumerable<string> DescribeFilter(TimeProvider time)
    {
        (string Name, object? Value)[] properties =
        [
            ("id", Filter.Id),
            ("instance", Filter.IdInstance),
            ("account", Filter.Account),
            ("handler", Filter.Handler),
            ("destination", Filter.Destination),
            ("kind", Filter.Kind),
            ("from", Filter.From is { } from ? LocalDateTimeFormatter.Format(from, time) : null),
            ("to", Filter.To is { } to ? LocalDateTimeFormatter.Format(to, time) : null),
            ("error", Filter.ErrorContains),
        ];
        return properties.Where(static property => property.Value is not null).Select(static property => $"{property.Name} {property.Value}");
    }
}
