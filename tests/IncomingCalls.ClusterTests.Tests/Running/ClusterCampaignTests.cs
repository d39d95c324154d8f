using IncomingCalls.Orleans.Tests.Redis;
using Xunit.Abstractions;

namespace IncomingCalls.ClusterTests.Tests.Running;

[Collection(CampaignCollectionDefinition.Name)]
public class ClusterCampaignTests(ITestOutputHelper output)
{
    [RedisFact]
    public async Task Run_16Faults_FindsNoViolation()
    {
        // A cluster mostly waits until a missing member is noticed, so two in parallel take little longer than one. On two cores more of them slow
        // each other down, and slow silos are evicted.
        // In each of the two clusters the first six faults are three kills, two long pauses and a short one, and Redis is killed once. Long campaigns
        // are run by hand, see docs/reliability.md.
        var campaign = new ClusterCampaign(new() { Kills = 16, KillsPerRound = 8, Parallel = 2 }, TimeProvider.System, output.WriteLine);

        var reports = await campaign.RunAsync();

        reports.SelectMany(report => report.Findings).Should().BeEmpty();
        reports.Sum(report => report.CountOf("silos (Killed)")).Should().BeGreaterThanOrEqualTo(4);
        reports.Sum(report => report.CountOf("pauses")).Should().BeGreaterThanOrEqualTo(4);
    }
}
