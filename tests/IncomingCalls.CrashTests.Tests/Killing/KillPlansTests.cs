namespace IncomingCalls.CrashTests.Tests.Killing;

public class KillPlansTests
{
    [Fact]
    public void Next_AsManyAsThereAreCards_IsEveryPointAndEveryTrigger()
    {
        var plans = new KillPlans(new Random(1));

        var dealt = Enumerable.Range(0, 2 * (Enum.GetValues<KillPoint>().Length + Enum.GetValues<KillTrigger>().Length)).Select(_ => plans.Next()).ToArray();

        dealt.Where(plan => plan.DieAt is not null).Select(plan => plan.DieAt!.Point).Distinct().Should().BeEquivalentTo(Enum.GetValues<KillPoint>());
        dealt.Where(plan => plan.DieAt is null).Select(plan => plan.Trigger).Distinct().Should().BeEquivalentTo(Enum.GetValues<KillTrigger>());
    }

    [Fact]
    public void Next_SameSeed_PlansTheSame()
    {
        static KillPlan[] Plan()
        {
            var plans = new KillPlans(new Random(7));
            return [.. Enumerable.Range(0, 100).Select(_ => plans.Next())];
        }

        Plan().Should().Equal(Plan());
    }

    [Fact]
    public void Parse_TextOfAWish_IsTheWish()
    {
        var wish = new DeathWish { Point = KillPoint.Committing, Nth = 3, Delay = TimeSpan.FromMicroseconds(250) };

        DeathWish.Parse(wish.ToString()).Should().Be(wish);
    }
}
