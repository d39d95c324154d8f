using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace IncomingCalls.CrashTests;

/// <summary>Runs rounds until enough hosts were killed, and writes the figures as <c>name: value</c> lines.</summary>
internal sealed class Campaign(CampaignOptions options, TimeProvider time, Action<string> writeLine)
{
    /// <returns>A task whose result is the report of each round.</returns>
    public async Task<IReadOnlyCollection<CrashRoundReport>> RunAsync()
    {
        writeLine($"seed: {options.Seed}");
        var started = time.GetTimestamp();
        ConcurrentBag<CrashRoundReport> reports = [];
        var sizes = Enumerable.Repeat(options.KillsPerRound, options.Kills / options.KillsPerRound)
            .Append(options.Kills % options.KillsPerRound).Where(size => size > 0);
        await Parallel.ForEachAsync(
            sizes.Index(), new ParallelOptions { MaxDegreeOfParallelism = options.Parallel }, async (round, _) => reports.Add(await RunAsync(round.Index, round.Item)));
        Summarize(reports);
        writeLine($"seconds: {time.GetElapsedTime(started).TotalSeconds:F0}");
        return reports;
    }

    private async Task<CrashRoundReport> RunAsync(int number, int kills)
    {
        var report = await new CrashRound(number, kills, unchecked((options.Seed * 31) + number), time).RunAsync();
        foreach (var finding in report.Findings)
        {
            writeLine($"FOUND in round {number} ({report.Folder}): {finding.Kind}: {finding.Text}");
        }

        writeLine($"round {number}: {kills} kills, {report.Stops.Count} stops, {report.Notifications} notifications, {report.Attempts} attempts, {report.Findings.Count} findings");
        return report;
    }

    private void Summarize(IReadOnlyCollection<CrashRoundReport> reports)
    {
        foreach (var kill in reports.SelectMany(report => report.Kills).CountBy(name => name).OrderBy(kill => kill.Key, StringComparer.Ordinal))
        {
            writeLine($"kills ({kill.Key}): {kill.Value}");
        }

        foreach (var stop in reports.SelectMany(report => report.Stops).CountBy(name => name).OrderBy(stop => stop.Key, StringComparer.Ordinal))
        {
            writeLine($"stops ({stop.Key}): {stop.Value}");
        }

        writeLine($"stops: {reports.Sum(report => report.Stops.Count)}");
        writeLine($"kills: {reports.Sum(report => report.Kills.Count)}");
        writeLine($"notifications: {reports.Sum(report => report.Notifications)}");
        writeLine($"deliveries: {reports.Sum(report => report.Deliveries)}");
        writeLine($"attempts: {reports.Sum(report => report.Attempts)}");
        writeLine($"attempts repeated because a kill preceded their settlement: {reports.Sum(report => report.RepeatedAttempts)}");
        writeLine($"chat records with a name: {reports.Sum(report => report.NamedRecords)}");
        writeLine($"chat records without a name: {reports.Sum(report => report.UnnamedRecords)}");
        foreach (var kind in Enum.GetValues<FindingKind>())
        {
            writeLine($"found ({kind}): {reports.Sum(report => report.Findings.Count(finding => finding.Kind == kind))}");
        }
    }
}

/// <summary>The command line of a campaign.</summary>
internal sealed record CampaignOptions
{
    public const string Usage = "Usage: IncomingCalls.CrashTests [--kills N] [--seed S] [--kills-per-round N] [--parallel N]";

    /// <summary>How many hosts are killed.</summary>
    public int Kills { get; init; } = 200;

    /// <summary>The seed of all random numbers.</summary>
    public int Seed { get; init; } = RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>How many hosts are killed on one inbox file before the evidence is checked.</summary>
    public int KillsPerRound { get; init; } = 50;

    /// <summary>How many rounds run in parallel.</summary>
    public int Parallel { get; init; } = 1;

    /// <exception cref="ArgumentException">An argument is unknown, or its number is missing.</exception>
    public static CampaignOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new CampaignOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var number = i + 1 < arguments.Count && int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new ArgumentException($"{arguments[i]} needs a number. {Usage}", nameof(arguments));
            options = arguments[i] switch
            {
                "--kills" => options with { Kills = number },
                "--seed" => options with { Seed = number },
                "--kills-per-round" => options with { KillsPerRound = Math.Max(1, number) },
                "--parallel" => options with { Parallel = Math.Max(1, number) },
                _ => throw new ArgumentException($"{arguments[i]} is not an option. {Usage}", nameof(arguments)),
            };
        }

        return options;
    }
}
