using Xunit.Abstractions;

namespace IncomingCalls.CrashTests.Tests.Campaigns;

public class CampaignTests(ITestOutputHelper output)
{
    [UnixFact]
    public async Task Run_100Kills_LosesNothingAndRepeatsNothing()
    {
        // Two rounds of 50, and each of them deals every point and every trigger at least twice. No commit tells of a fault that took more of them to show;
        // long campaigns are run by hand: see docs/reliability.md.
        var campaign = new Campaign(new() { Kills = 100, Parallel = 2 }, TimeProvider.System, output.WriteLine);

        var reports = await campaign.RunAsync();

        reports.SelectMany(report => report.Findings).Should().BeEmpty();
        reports.Sum(report => report.Kills.Count).Should().Be(100);
        // A slow machine passes some points less often than planned, and dies at a random moment instead.
        reports.SelectMany(report => report.Kills).Where(name => Enum.TryParse<CrashLocation>(name, out _)).Distinct()
            .Should().HaveCountGreaterThan(Enum.GetValues<CrashLocation>().Length / 2);
    }
}
