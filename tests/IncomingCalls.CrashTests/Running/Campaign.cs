using System.Collections.Concurrent;

namespace IncomingCalls.CrashTests;

/// <summary>Rounds until enough hosts are killed, and what they come to as <c>name: value</c> lines.</summary>
internal sealed class Campaign(CampaignOptions options, TimeProvider time, TextWriter output)
{
    private readonly ConcurrentBag<RoundReport> _reports = [];

    /// <returns>Whether nothing was found.</returns>
    public async Task<bool> RunAsync()
    {
        await output.WriteLineAsync($"seed: {options.Seed}");
        var started = time.GetTimestamp();
        var sizes = Enumerable.Repeat(options.KillsPerRound, options.Kills / options.KillsPerRound)
            .Append(options.Kills % options.KillsPerRound).Where(size => size > 0);
        await Parallel.ForEachAsync(
            sizes.Index(), new ParallelOptions { MaxDegreeOfParallelism = options.Parallel }, async (round, _) => await RunAsync(round.Index, round.Item));
        Summarize(time.GetElapsedTime(started));
        return _reports.All(report => report.Findings.Count == 0);
    }

    private async Task RunAsync(int number, int kills)
    {
        var report = await new Round(number, kills, unchecked((options.Seed * 31) + number), time).RunAsync();
        _reports.Add(report);
        foreach (var finding in report.Findings)
        {
            await output.WriteLineAsync($"FOUND in round {number} ({report.Folder}): {finding.Kind}: {finding.Text}");
        }

        await output.WriteLineAsync($"round {number}: {kills} kills, {report.Notifications} notifications, {report.Attempts} attempts, {report.Findings.Count} findings");
    }

    private void Summarize(TimeSpan elapsed)
    {
        foreach (var kill in _reports.SelectMany(report => report.Kills).CountBy(name => name).OrderBy(kill => kill.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"kills ({kill.Key}): {kill.Value}");
        }

        output.WriteLine($"kills: {_reports.Sum(report => report.Kills.Count)}");
        output.WriteLine($"notifications: {_reports.Sum(report => report.Notifications)}");
        output.WriteLine($"deliveries: {_reports.Sum(report => report.Deliveries)}");
        output.WriteLine($"attempts: {_reports.Sum(report => report.Attempts)}");
        output.WriteLine($"attempts interrupted before their mark and made again: {_reports.Sum(report => report.RepeatedAttempts)}");
        foreach (var kind in Enum.GetValues<FindingKind>())
        {
            output.WriteLine($"found ({kind}): {_reports.Sum(report => report.Findings.Count(finding => finding.Kind == kind))}");
        }

        output.WriteLine($"seconds: {elapsed.TotalSeconds:F0}");
    }
}
