using Xunit.Abstractions;

namespace IncomingCalls.JournalTests.Tests;

public class JournalCampaignTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(CallJournalUse.OutcomesAndCalls, "none")]
    [InlineData(CallJournalUse.OutcomesAndCalls, "journal-other-ids")]
    [InlineData(CallJournalUse.OutcomesAndCalls, "journal-lid")]
    [InlineData(CallJournalUse.Outcomes, "journal-hungup-for-declined")]
    public async Task Run_EightyCalls_FindsNothing(CallJournalUse journal, string quirk)
    {
        var campaign = new JournalCampaign(new() { Calls = 80, Instances = 2, Minutes = 60, Journal = journal, Quirk = quirk }, output.WriteLine);

        (await campaign.RunAsync()).Should().BeEmpty();
    }

    [Fact]
    public void Parse_Arguments_AreRead() =>
        CampaignOptions.Parse(["--calls", "100", "--instances", "3", "--minutes", "30", "--journal", "Off", "--quirk", "journal-late", "--seed", "7"])
            .Should().Be(new CampaignOptions { Calls = 100, Instances = 3, Minutes = 30, Journal = CallJournalUse.Off, Quirk = "journal-late", Seed = 7 });

    [Theory]
    [InlineData("--calls")]
    [InlineData("--calls", "many")]
    [InlineData("--journal", "Sometimes")]
    [InlineData("--quirk", "paper")]
    [InlineData("--kills", "5")]
    public void Parse_UnknownOrIncompleteArgument_IsRefusedWithTheUsage(params string[] arguments) =>
        FluentActions.Invoking(() => CampaignOptions.Parse(arguments)).Should().Throw<ArgumentException>().WithMessage($"*{CampaignOptions.Usage}*");
}
