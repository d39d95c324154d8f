using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Cli.Output;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>A line about an erasure. Its report can be read by <c>inbox erase --report</c>.</summary>
internal sealed class ErasureLine : IOutputLine
{
    public string Type { get; } = "erasure";

    /// <summary>The <see cref="ErasureReport"/>, in the JSON of the core.</summary>
    public required JsonElement Report { get; init; }

    [JsonIgnore]
    public ErasureReport Erasure { get; private init; } = null!;

    [JsonIgnore]
    public Style Style => Erasure.IsComplete ? Color.Green : Color.Yellow;

    public static ErasureLine FromReport(ErasureReport report) =>
        new() { Erasure = report, Report = JsonSerializer.SerializeToElement(report, IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(ErasureReport))) };

    public string ToText(TimeProvider time) => string.Create(
        CultureInfo.InvariantCulture,
        $"{LocalDateTimeFormatter.Format(Erasure.At, time)}  {Erasure.PerformedBy ?? "somebody"} erased {Describe()}: {string.Join(", ", DescribeCounts().DefaultIfEmpty("nothing was stored"))}{(Erasure.IsComplete ? "" : ". Not complete: repeat it with --report")}");

    private string Describe() => Erasure.IdInstance is { } idInstance ? string.Create(CultureInfo.InvariantCulture, $"instance {idInstance}")
        : Erasure.Account is { } account ? $"a caller of the account {account}"
        : "a caller";

    private IEnumerable<string> DescribeCounts()
    {
        var counts = Erasure.Counts;
        (string Name, int Count)[] categories =
        [
            ("calls", counts.Calls), ("deliveries", counts.Deliveries), ("dead letters", counts.DeadLetters), ("quarantined notifications", counts.Quarantined),
            ("names", counts.Names), ("handler values", counts.HandlerValues), ("persons", counts.Persons), ("log entries", counts.LogEntries),
        ];
        return categories.Where(static category => category.Count > 0).Select(static category => string.Create(CultureInfo.InvariantCulture, $"{category.Count} {category.Name}"));
    }
}
