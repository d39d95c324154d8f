using IncomingCalls.AdapterTests.Running;
using IncomingCalls.Processes;
using Xunit.Abstractions;

namespace IncomingCalls.AdapterTests.Tests.Running;

public class AdapterCampaignTests(ITestOutputHelper output)
{
    [Fact]
    public Task Run_SixtyCalls_FindsNothing() => RunAsync(new() { Calls = 60, Portals = 10, Minutes = 40 });

    [PostgresFact]
    public Task Run_TwoNodesOnPostgreSql_FindsNothing() => RunAsync(new() { Storage = CampaignStorage.Postgres, Calls = 60, Portals = 10, Minutes = 20 });

    [Fact]
    public void Parse_Arguments_AreRead()
    {
        CampaignOptions.Parse(["--storage", "postgres", "--calls", "100", "--portals", "20", "--minutes", "30", "--seed", "7"])
            .Should().Be(new CampaignOptions { Storage = CampaignStorage.Postgres, Calls = 100, Portals = 20, Minutes = 30, Seed = 7 });
    }

    [Theory]
    [InlineData("--calls")]
    [InlineData("--calls", "many")]
    [InlineData("--kills", "5")]
    [InlineData("--storage")]
    [InlineData("--storage", "paper")]
    public void Parse_UnknownOrIncompleteArgument_IsRefusedWithTheUsage(params string[] arguments) =>
        FluentActions.Invoking(() => CampaignOptions.Parse(arguments)).Should().Throw<ArgumentException>().WithMessage($"*{CampaignOptions.Usage}*");

    private async Task RunAsync(CampaignOptions options)
    {
        List<string> lines = [];
        var campaign = new AdapterCampaign(options, line =>
        {
            lines.Add(line);
            output.WriteLine(line);
        });

        var findings = await campaign.RunAsync();

        findings.Should().BeEmpty();
        lines.Should().Contain(line => line.StartsWith("kills (", StringComparison.Ordinal));
        lines.Should().Contain(line => line.StartsWith("requests (429)", StringComparison.Ordinal));
        lines.Should().Contain(line => line.StartsWith("calls of healthy portals", StringComparison.Ordinal));
    }
}

internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}
