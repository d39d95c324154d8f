using System.Collections.Concurrent;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>Runs rounds, each on a separate cluster, until enough faults were injected, and writes the figures as <c>name: value</c> lines.</summary>
internal sealed class ClusterCampaign(ClusterCampaignOptions options, TimeProvider time, Action<string> writeLine)
{
    /// <returns>A task whose result is the report of each round.</returns>
    public async Task<IReadOnlyCollection<ClusterRoundReport>> RunAsync()
    {
        writeLine($"seed: {options.Seed}");
        var started = time.GetTimestamp();
        ConcurrentBag<ClusterRoundReport> reports = [];
        await Parallel.ForEachAsync(
            Enumerable.Repeat(options.KillsPerRound, options.Kills / options.KillsPerRound).Append(options.Kills % options.KillsPerRound).Index().Where(round => round.Item > 0),
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallel },
            async (round, _) => reports.Add(await RunAsync(round.Index, round.Item)));
        Summarize(reports);
        writeLine($"seconds: {time.GetElapsedTime(started).TotalSeconds:F0}");
        return reports;
    }

    private async Task<ClusterRoundReport> RunAsync(int number, int kills)
    {
        var report = options.Storage == ClusterStorage.Postgres
            ? await new NodeRound(options, number, kills, time).RunAsync()
            : await new ClusterRound(options, number, kills, time).RunAsync();
        foreach (var finding in report.Findings)
        {
            writeLine($"FOUND in round {number} ({report.Folder}): {finding.Kind}: {finding.Text}");
        }

        writeLine($"round {number}: {kills} faults, {report.Notifications} notifications, {report.Attempts} attempts, {report.Findings.Count} findings");
        return report;
    }

    private void Summarize(IReadOnlyCollection<ClusterRoundReport> reports)
    {
        foreach (var faults in reports.SelectMany(report => report.Faults).GroupBy(fault => fault.Name))
        {
            writeLine($"{faults.Key}: {faults.Sum(fault => fault.Count)}");
        }

        writeLine($"notifications: {reports.Sum(report => report.Notifications)}");
        writeLine($"deliveries: {reports.Sum(report => report.Deliveries)}");
        writeLine($"attempts: {reports.Sum(report => report.Attempts)}");
        writeLine($"attempts repeated because a fault preceded their settlement: {reports.Sum(report => report.RepeatedAttempts)}");
        foreach (var kind in Enum.GetValues<FindingKind>())
        {
            writeLine($"found ({kind}): {reports.Sum(report => report.Findings.Count(finding => finding.Kind == kind))}");
        }

        writeLine($"attempts of a process that had lost them to another one and did not know it yet: {reports.Sum(report => report.AmbiguousAttempts)}");
        writeLine($"requests of all pollers: {reports.Sum(report => report.PollerRequests)}");
        writeLine($"requests of an evicted silo that overlapped with its successor: {reports.Sum(report => report.AmbiguousPollerRequests)}");
        TimeSpan[] handovers = [.. reports.SelectMany(report => report.Handovers)];
        writeLine($"hand-overs with two pollers of an instance: {handovers.Length}, the longest for {handovers.DefaultIfEmpty().Max().TotalSeconds:F1} s");
    }
}
