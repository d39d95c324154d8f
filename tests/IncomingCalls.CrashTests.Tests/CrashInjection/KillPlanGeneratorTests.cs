namespace IncomingCalls.CrashTests.Tests.CrashInjection;

public class KillPlanGeneratorTests
{
    [Fact]
    public void Next_WholeDeck_CoversEveryLocationAndEveryTrigger()
    {
        var plans = new KillPlanGenerator(new Random(1));

        var dealt = Enumerable.Range(0, 2 * (Enum.GetValues<CrashLocation>().Length + Enum.GetValues<KillTrigger>().Length)).Select(_ => plans.Next()).ToArray();

        dealt.Where(plan => plan.CrashPoint is not null).Select(plan => plan.CrashPoint!.Location).Distinct().Should().BeEquivalentTo(Enum.GetValues<CrashLocation>());
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

    [Fact]
    public void Parse_FormattedCrashPoint_ReturnsTheSame()
    {
        var crashPoint = new CrashPoint { Location = CrashLocation.Committing, Occurrence = 3, Delay = TimeSpan.FromMicroseconds(250) };

        CrashPoint.Parse(crashPoint.ToString()).Should().Be(crashPoint);
    }
}
