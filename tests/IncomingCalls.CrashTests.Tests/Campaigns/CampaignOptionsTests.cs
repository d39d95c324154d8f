namespace IncomingCalls.CrashTests.Tests.Campaigns;

public class CampaignOptionsTests
{
    [Fact]
    public void Parse_AllOptions_AreRead() =>
        CampaignOptions.Parse(["--kills", "10000", "--seed", "7", "--kills-per-round", "20", "--parallel", "2"])
            .Should().Be(new CampaignOptions { Kills = 10_000, Seed = 7, KillsPerRound = 20, Parallel = 2 });

    [Theory]
    [InlineData("--kills")]
    [InlineData("--kills", "many")]
    [InlineData("--hurry", "1")]
    public void Parse_InvalidArguments_ThrowsWithUsage(params string[] arguments)
    {
        var parsing = () => CampaignOptions.Parse(arguments);

        parsing.Should().Throw<ArgumentException>().WithMessage("*Usage*");
    }
}
