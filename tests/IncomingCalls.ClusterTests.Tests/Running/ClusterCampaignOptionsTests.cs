namespace IncomingCalls.ClusterTests.Tests.Running;

public class ClusterCampaignOptionsTests
{
    [Fact]
    public void Parse_AllOptions_SetsThem() =>
        ClusterCampaignOptions.Parse(["--kills", "100", "--seed", "7", "--kills-per-round", "20", "--parallel", "4", "--silos", "5", "--seconds", "2"])
            .Should().Be(new ClusterCampaignOptions { Kills = 100, Seed = 7, KillsPerRound = 20, Parallel = 4, Silos = 5, Seconds = 2 });

    [Fact]
    public void Parse_OptionsOfThePostgreSqlInbox_SetsThem() =>
        ClusterCampaignOptions.Parse(["--seed", "7", "--storage", "postgres", "--clock-offset", "60", "--defect", "IgnoredClaim"])
            .Should().Be(new ClusterCampaignOptions { Seed = 7, Storage = ClusterStorage.Postgres, ClockOffset = 60, NodeDefect = NodeDefect.IgnoredClaim });

    [Theory]
    [InlineData("--storage")]
    [InlineData("--storage", "sqlite")]
    [InlineData("--defect", "many")]
    [InlineData("--kills")]
    [InlineData("--kills", "many")]
    [InlineData("--hurry", "1")]
    public void Parse_UnknownOption_ThrowsWithTheUsage(params string[] arguments)
    {
        var parsing = () => ClusterCampaignOptions.Parse(arguments);

        parsing.Should().Throw<ArgumentException>().WithMessage("*Usage*");
    }
}
