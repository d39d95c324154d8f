namespace IncomingCalls.ClusterTests.Tests.Running;

public class ClusterCampaignOptionsTests
{
    [Fact]
    public void Parse_AllOptions_SetsThem() =>
        ClusterCampaignOptions.Parse(["--kills", "100", "--seed", "7", "--kills-per-round", "20", "--parallel", "4", "--silos", "5", "--seconds", "2"])
            .Should().Be(new ClusterCampaignOptions { Kills = 100, Seed = 7, KillsPerRound = 20, Parallel = 4, Silos = 5, Seconds = 2 });

    [Theory]
    [InlineData("--kills")]
    [InlineData("--kills", "many")]
    [InlineData("--hurry", "1")]
    public void Parse_UnknownOption_ThrowsWithTheUsage(params string[] arguments)
    {
        var parsing = () => ClusterCampaignOptions.Parse(arguments);

        parsing.Should().Throw<ArgumentException>().WithMessage("*Usage*");
    }
}
