namespace IncomingCalls.CrashTests.Tests.CrashInjection;

public class KillPlanGeneratorTests
{
    [Fact]
    public void Next_WholeDeck_CoversEveryLocationAndEveryTrigger()
    {
        var plans = new KillPlanGenerator(new Random(1));

        var dealt = Enumerable.Range(0, (3 * Enum.GetValues<CrashLocation>().Length) + (2 * Enum.GetValues<KillTrigger>().Length)).Select(_ => plans.Next()).ToArray();

        dealt.Where(plan => plan.CrashPoint is { IsStop: false }).Select(plan => plan.CrashPoint!.Location).Distinct().Should().BeEquivalentTo(Enum.GetValues<CrashLocation>());
        dealt.Where(plan => plan.IsStop).Select(plan => plan.CrashPoint!.Location).Should().BeEquivalentTo(Enum.GetValues<CrashLocation>());
        dealt.Where(plan => plan.CrashPoint is null).Select(plan => plan.Trigger).Distinct().Should().BeEquivalentTo(Enum.GetValues<KillTrigger>());
    }

    [Fact]
    public void Next_SameSeed_CreatesTheSamePlans()
    {
        static KillPlan[] Plan()
        {
            var plans = new KillPlanGenerator(new Random(7));
            return [.. Enumerable.Range(0, 100).Select(_ => plans.Next())];
        }

        Plan().Should().Equal(Plan());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Parse_FormattedCrashPoint_ReturnsTheSame(bool isStop)
    {
        var crashPoint = new CrashPoint { Location = CrashLocation.Committing, Occurrence = 3, Delay = TimeSpan.FromMicroseconds(250), IsStop = isStop };

        CrashPoint.Parse(crashPoint.ToString()).Should().Be(crashPoint);
    }
}
