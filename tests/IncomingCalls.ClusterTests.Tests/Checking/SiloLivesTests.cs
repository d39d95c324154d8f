using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests.Tests.Checking;

public class SiloLivesTests
{
    private static readonly OwedRun Run = OwedRun.Of(Told.Offered(1, 0));

    [Fact]
    public void MayRunAgain_KilledBeforeTheMark_Yes() =>
        MayRunAgain([Told.Killed(1, 6, Run), Told.Terminated(2)], Told.Offered(1, 5), Told.Offered(2, 20)).Should().BeTrue();

    [Fact]
    public void MayRunAgain_KilledAfterTheMark_No() =>
        MayRunAgain([Told.Killed(1, 6), Told.Terminated(2)], Told.Offered(1, 5), Told.Offered(2, 20)).Should().BeFalse();

    [Fact]
    public void MayRunAgain_NobodyWasDisturbed_No() =>
        MayRunAgain([Told.Terminated(1), Told.Terminated(2)], Told.Offered(1, 5), Told.Offered(2, 20)).Should().BeFalse();

    [Fact]
    public void MayRunAgain_SameProcess_No() =>
        MayRunAgain([Told.Killed(1, 6, Run)], Told.Offered(1, 4), Told.Offered(1, 5)).Should().BeFalse();

    [Fact]
    public void MayRunAgain_AnotherSiloWasKilled_No() =>
        MayRunAgain([Told.Terminated(1), Told.Terminated(2), Told.Killed(3, 6, Run)], Told.Offered(1, 5), Told.Offered(2, 20)).Should().BeFalse();

    [Fact]
    public void MayRunAgain_EvictedBeforeTheMark_Yes() =>
        MayRunAgain([Told.Evicted(1, Run), Told.Terminated(2)], Told.Offered(1, 5), Told.Offered(2, 20)).Should().BeTrue();

    [Fact]
    public void MayRunAgain_EvictedAfterTheMark_No() =>
        MayRunAgain([Told.Evicted(1), Told.Terminated(2)], Told.Offered(1, 5), Told.Offered(2, 20)).Should().BeFalse();

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void InOrder_BothMadeItBeforeTheEvictedSiloEnded_HasTheFirst(int one, int other)
    {
        var (first, second) = (Told.Offered(one, 60), Told.Offered(other, 65));
        var silos = new SiloLives([Told.Evicted(1), Told.Terminated(2)], [first, second]);

        silos.InOrder().Should().Equal(first);
        silos.MadeInDoubt().Should().Equal(second);
    }

    [Fact]
    public void InOrder_MadeAgainAfterTheEvictedSiloEnded_HasBoth()
    {
        var (first, second) = (Told.Offered(1, 60), Told.Offered(2, 101));

        new SiloLives([Told.Evicted(1), Told.Terminated(2)], [first, second]).InOrder().Should().Equal(first, second);
    }

    [Fact]
    public void InOrder_EvictedSiloMakesItsAttemptWhenItWakes_StandsWhereItWasPaused()
    {
        var (late, between) = (Told.Offered(1, 60), Told.Offered(2, 20));

        new SiloLives([Told.Evicted(1, Run), Told.Terminated(2)], [between, late]).InOrder().Should().Equal(late, between);
    }

    private static bool MayRunAgain(IReadOnlyList<SiloLife> lives, Effect first, Effect second) =>
        new SiloLives(lives, [first, second]).MayRunAgain(first, second);
}
