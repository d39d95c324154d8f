using IncomingCalls.Orleans.Tests.Redis;
using Xunit.Abstractions;

namespace IncomingCalls.ClusterTests.Tests.Running;

public class ClusterCampaignTests(ITestOutputHelper output)
{
    [RedisFact]
    public async Task Run_12Disturbances_LosesNothingAndRepeatsNothing()
    {
        var campaign = new ClusterCampaign(new() { Kills = 12 }, TimeProvider.System, output.WriteLine);

        var report = await campaign.RunAsync();

        report.Findings.Should().BeEmpty();
        report.Lives.Count(life => life.End == SiloEnd.Killed).Should().BeGreaterThanOrEqualTo(6);
        report.Lives.Sum(life => life.Pauses.Count).Should().Be(6);
    }
}
