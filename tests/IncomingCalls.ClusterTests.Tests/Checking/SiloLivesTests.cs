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

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    public void MayRunAgain_EvictedBeforeTheMark_Yes(long at) =>
        MayRunAgain([Told.Evicted(1, Run), Told.Terminated(2)], Told.Offered(1, at), Told.Offered(2, 20)).Should().BeTrue();

    [Fact]
    public void MayRunAgain_EvictedAfterTheMark_No() =>
        MayRunAgain([Told.Evicted(1), Told.Terminated(2)], Told.Offered(1, 5), Told.Offered(2, 20)).Should().BeFalse();

    [Fact]
    public void MayRunAgain_EvictedSiloBeganWhenItWoke_OnceForEachHandler()
    {
        var (first, later) = (Told.Offered(1, 60), Told.Offered(1, 70) with { EventId = "A/Answered" });
        SiloLife[] lives = [Told.Evicted(1), Told.Terminated(2)];

        MayRunAgain(lives, first, Told.Offered(2, 65)).Should().BeTrue();
        new SiloLives(lives, [first, later]).MayRunAgain(first, Told.Offered(2, 65)).Should().BeFalse("what came after it proves that it was marked");
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
