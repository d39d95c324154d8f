using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace IncomingCalls.Conventions.Tests;

/// <summary>The page about telemetry lists what the code has, and the dashboard asks for nothing else.</summary>
public partial class TelemetryPageTests
{
    private static readonly string Code = string.Concat(Repository.Files("*.cs")
        .Where(file => Repository.Relative(file).StartsWith("src/", StringComparison.Ordinal)).Select(File.ReadAllText)).ReplaceLineEndings("\n");

    private static string Page => File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md")).ReplaceLineEndings("\n");

    [RepositoryFact]
    public void Instruments_AreThoseOfTheCode() =>
        InstrumentRow().Matches(Page).Select(row => (row.Groups["name"].Value, row.Groups["kind"].Value, row.Groups["what"].Value)).Should().BeEquivalentTo(
            Instrument().Matches(Code).Select(call => (call.Groups["name"].Value, call.Groups["kind"].Value, call.Groups["what"].Value)).Distinct());

    [RepositoryFact]
    public void SpansAndTags_OfTheCode_AreOnThePage()
    {
        var names = Name().Matches(Code).Select(name => name.Groups["name"].Value).Distinct().ToArray();

        names.Should().HaveCountGreaterThan(20);
        names.Should().OnlyContain(name => Page.Contains($"`{name}`", StringComparison.Ordinal));
    }

    [RepositoryFact]
    public void LogEvents_AreThoseOfTheCode() =>
        LogRow().Matches(Page).Select(row => (row.Groups["id"].Value, row.Groups["level"].Value, row.Groups["name"].Value)).Should().BeEquivalentTo(
            LogEvent().Matches(Code).Select(log => (log.Groups["id"].Value, log.Groups["level"].Value, log.Groups["name"].Value)));

    /// <summary>As Prometheus writes them: dots are underscores, seconds are named, and counters are totals.</summary>
    [RepositoryFact]
    public void Dashboard_AsksForMetricsOfTheCode()
    {
        var known = Instrument().Matches(Code).SelectMany(call =>
        {
            var name = call.Groups["name"].Value.Replace('.', '_') + (call.Groups["unit"].Value == "s" ? "_seconds" : "");
            return call.Groups["kind"].Value switch
            {
                "Counter" => [$"{name}_total"],
                "Histogram" => [$"{name}_bucket", $"{name}_count"],
                _ => new[] { name },
            };
        }).Concat(Name().Matches(Code).Select(name => name.Groups["name"].Value.Replace('.', '_'))).ToHashSet();
        var dashboard = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "grafana", "incoming-calls.json")))!;
        var asked = dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray())
            .SelectMany(target => Metric().Matches(target!["expr"]!.GetValue<string>())).Select(metric => metric.Value).ToArray();

        asked.Should().HaveCountGreaterThan(20);
        asked.Should().OnlyContain(metric => known.Contains(metric));
    }

    [GeneratedRegex("""meter\.Create(?<kind>\w+?)(?:<\w+>)?\("(?<name>[^"]+)",[^;]*?"(?<unit>[^"]+)", "(?<what>[^"]+)"\);""")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"^\| `(?<name>incoming_calls[\w.]+)` \| (?<kind>Counter|Histogram|ObservableGauge) \| [^|]* \| (?<what>.*?) \|$", RegexOptions.Multiline)]
    private static partial Regex InstrumentRow();

    [GeneratedRegex("""
        "(?<name>(?:incoming_calls|green_api)\.[a-z_.]+[a-z])"
        """)]
    private static partial Regex Name();

    [GeneratedRegex(@"\[LoggerMessage\((?<id>\d+), LogLevel\.(?<level>\w+), "".*?""\)\]\n\s*(?:public|private) static partial void (?<name>\w+)\(")]
    private static partial Regex LogEvent();

    [GeneratedRegex(@"^\| (?<id>\d{3,4}) \| (?<level>\w+) \| `(?<name>\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex LogRow();

    [GeneratedRegex("incoming_calls_[a-z_]+")]
    private static partial Regex Metric();
}
