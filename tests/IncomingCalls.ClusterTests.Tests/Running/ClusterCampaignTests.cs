using IncomingCalls.Orleans.Tests.Redis;
using Xunit.Abstractions;

namespace IncomingCalls.ClusterTests.Tests.Running;

public class ClusterCampaignTests(ITestOutputHelper output)
{
    [RedisFact]
    public async Task Run_24Faults_FindsNoViolation()
    {
        // A cluster mostly waits until a missing member is noticed, so two in parallel take little longer than one. On two cores more of them slow
        // each other down, and slow silos are evicted.
        // In each of the two clusters 12 faults include each kind at least twice, and Redis is killed once. So far no fault of the product needed
        // more of them to show. Long campaigns are run by hand, see docs/reliability.md.
        var campaign = new ClusterCampaign(new() { Kills = 24, KillsPerRound = 12, Parallel = 2 }, TimeProvider.System, output.WriteLine);

        var reports = await campaign.RunAsync();

        reports.SelectMany(report => report.Findings).Should().BeEmpty();
        var runs = reports.SelectMany(report => report.Runs).ToArray();
        runs.Count(run => run.EndKind == SiloEnd.Killed).Should().BeGreaterThanOrEqualTo(10);
        runs.Sum(run => run.Pauses.Count).Should().BeGreaterThanOrEqualTo(10);
    }
}
