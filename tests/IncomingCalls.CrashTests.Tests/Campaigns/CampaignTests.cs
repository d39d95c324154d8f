using Xunit.Abstractions;

namespace IncomingCalls.CrashTests.Tests.Campaigns;

public class CampaignTests(ITestOutputHelper output)
{
    [UnixFact]
    public async Task Run_100Kills_FindsNoViolation()
    {
        // Two rounds of 50: each uses every location and every trigger at least twice. So far no fault needed more of them to show;
        // long campaigns are run by hand, see docs/reliability.md.
        var campaign = new Campaign(new() { Kills = 100, Parallel = 2 }, TimeProvider.System, output.WriteLine);

        var reports = await campaign.RunAsync();

        reports.SelectMany(report => report.Findings).Should().BeEmpty();
        reports.Sum(report => report.Kills.Count).Should().Be(100);
        // On a slow machine a run may not reach its location as often as planned, and is then killed at a random moment.
        var reached = reports.SelectMany(report => report.Kills).Where(name => Enum.TryParse<CrashLocation>(name, out _)).Distinct().ToArray();
        reached.Should().HaveCountGreaterThan(Enum.GetValues<CrashLocation>().Length / 2);
        // The compiler does not check the names of the spans and of the metric that mark these locations: spans of the core, spans of the client, commits.
        reached.Should().IntersectWith([$"{CrashLocation.Reading}", $"{CrashLocation.Acknowledging}", $"{CrashLocation.Settling}"]);
        reached.Should().IntersectWith([$"{CrashLocation.Received}", $"{CrashLocation.Deleting}", $"{CrashLocation.Deleted}"]);
        reached.Should().Contain($"{CrashLocation.Committed}");
        reports.Sum(report => report.Stops.Count).Should().BeGreaterThan(10, "a host that was asked to stop has stopped, with exit code 0, at many locations");
        reports.Sum(report => report.NamedRecords).Should().BePositive("chat records waited for a name that was found");
        reports.Sum(report => report.UnnamedRecords).Should().BePositive("chat records waited until the deadline");
    }
}
