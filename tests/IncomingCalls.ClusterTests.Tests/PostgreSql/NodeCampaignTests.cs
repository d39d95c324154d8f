using IncomingCalls.ClusterTests.Tests.Running;
using Xunit.Abstractions;

namespace IncomingCalls.ClusterTests.Tests.PostgreSql;

/// <summary>Short campaigns against the PostgreSQL inbox. Long ones are run by hand, see docs/reliability.md.</summary>
[Collection(CampaignCollectionDefinition.Name)]
public class NodeCampaignTests(ITestOutputHelper output)
{
    [PostgresFact]
    public async Task Run_EachFaultOfNodesSessionsAndTheDatabase_FindsNoViolation()
    {
        // The deck has 12 cards without those of links: each fault once, and kills and lost sessions three times.
        var reports = await RunAsync(new() { Kills = 14, NodeFaults = NodeFaultDeck.WithoutLinks });

        reports.SelectMany(report => report.Findings).Should().BeEmpty();
        reports.Sum(report => report.CountOf("nodes (Killed)")).Should().BePositive();
        reports.Sum(report => report.CountOf("faults (RestartDatabase)")).Should().BePositive();
    }

    /// <summary>A killed process proves nothing about a dead machine: the kernel closes its connections.</summary>
    [NetworkFact]
    public async Task Run_LinksThatGoDown_FindsNoViolation()
    {
        NodeNetwork.Unavailable.Should().BeNull();
        var reports = await RunAsync(new() { Kills = 4, NodeFaults = NodeFaultDeck.Links });

        reports.SelectMany(report => report.Findings).Should().BeEmpty();
        reports.Sum(report => report.CountOf("faults (LongCutOff)")).Should().Be(2);
    }

    private async Task<IReadOnlyCollection<ClusterRoundReport>> RunAsync(ClusterCampaignOptions options) =>
        await new ClusterCampaign(options with { Storage = ClusterStorage.Postgres, Seconds = 1 }, TimeProvider.System, output.WriteLine).RunAsync();
}
