using System.Collections.Concurrent;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>Rounds, each with a cluster of its own, until enough silos are disturbed; and what they come to as <c>name: value</c> lines.</summary>
internal sealed class ClusterCampaign(ClusterCampaignOptions options, TimeProvider time, Action<string> tell)
{
    /// <returns>What each round came to.</returns>
    public async Task<IReadOnlyCollection<ClusterRoundReport>> RunAsync()
    {
        tell($"seed: {options.Seed}");
        var started = time.GetTimestamp();
        ConcurrentBag<ClusterRoundReport> reports = [];
        await Parallel.ForEachAsync(
            Enumerable.Repeat(options.KillsPerRound, options.Kills / options.KillsPerRound).Append(options.Kills % options.KillsPerRound).Index().Where(round => round.Item > 0),
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallel },
            async (round, _) => reports.Add(await RunAsync(round.Index, round.Item)));
        Summarize(reports);
        tell($"seconds: {time.GetElapsedTime(started).TotalSeconds:F0}");
        return reports;
    }

    private async Task<ClusterRoundReport> RunAsync(int number, int kills)
    {
        var report = await new ClusterRound(options, number, kills, time).RunAsync();
        foreach (var finding in report.Findings)
        {
            tell($"FOUND in round {number} ({report.Folder}): {finding.Kind}: {finding.Text}");
        }

        tell($"round {number}: {kills} disturbances, {report.Notifications} notifications, {report.Attempts} attempts, {report.Findings.Count} findings");
        return report;
    }

    private void Summarize(IReadOnlyCollection<ClusterRoundReport> reports)
    {
        foreach (var end in Enum.GetValues<SiloEnd>())
        {
            tell($"silos ({end}): {reports.Sum(report => report.Runs.Count(life => life.EndKind == end))}");
        }

        tell($"pauses: {reports.Sum(report => report.Runs.Sum(life => life.Pauses.Count))}");
        tell($"notifications: {reports.Sum(report => report.Notifications)}");
        tell($"deliveries: {reports.Sum(report => report.Deliveries)}");
        tell($"attempts: {reports.Sum(report => report.Attempts)}");
        tell($"attempts made again after a kill or an eviction before their mark: {reports.Sum(report => report.RepeatedAttempts)}");
        foreach (var kind in Enum.GetValues<FindingKind>())
        {
            tell($"found ({kind}): {reports.Sum(report => report.Findings.Count(finding => finding.Kind == kind))}");
        }

        tell($"attempts that an evicted silo and its successor both made before it ended: {reports.Sum(report => report.AmbiguousAttempts)}");
        tell($"requests of pollers: {reports.Sum(report => report.PollerRequests)}");
        tell($"requests of an evicted silo beside its successor's: {reports.Sum(report => report.AmbiguousPollerRequests)}");
        TimeSpan[] handOvers = [.. reports.SelectMany(report => report.Handovers)];
        tell($"times that an instance had two pollers: {handOvers.Length}, the longest for {handOvers.DefaultIfEmpty().Max().TotalSeconds:F1} s");
    }
}
