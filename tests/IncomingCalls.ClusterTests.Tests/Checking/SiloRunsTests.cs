using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests.Tests.Checking;

public class SiloRunsTests
{
    private static readonly PendingDelivery PendingAttempt = PendingDelivery.FromEffect(ClusterSamples.Offered(1, 0));

    [Fact]
    public void IsRepeatAllowed_KilledBeforeSettle_IsTrue() =>
        IsRepeatAllowed([ClusterSamples.Killed(1, 6, PendingAttempt), ClusterSamples.Terminated(2)], ClusterSamples.Offered(1, 5), ClusterSamples.Offered(2, 20)).Should().BeTrue();

    [Fact]
    public void IsRepeatAllowed_KilledAfterSettle_IsFalse() =>
        IsRepeatAllowed([ClusterSamples.Killed(1, 6), ClusterSamples.Terminated(2)], ClusterSamples.Offered(1, 5), ClusterSamples.Offered(2, 20)).Should().BeFalse();

    [Fact]
    public void IsRepeatAllowed_NoFaultInjected_IsFalse() =>
        IsRepeatAllowed([ClusterSamples.Terminated(1), ClusterSamples.Terminated(2)], ClusterSamples.Offered(1, 5), ClusterSamples.Offered(2, 20)).Should().BeFalse();

    [Fact]
    public void IsRepeatAllowed_SameProcess_IsFalse() =>
        IsRepeatAllowed([ClusterSamples.Killed(1, 6, PendingAttempt)], ClusterSamples.Offered(1, 4), ClusterSamples.Offered(1, 5)).Should().BeFalse();

    [Fact]
    public void IsRepeatAllowed_AnotherSiloKilled_IsFalse() =>
        IsRepeatAllowed([ClusterSamples.Terminated(1), ClusterSamples.Terminated(2), ClusterSamples.Killed(3, 6, PendingAttempt)], ClusterSamples.Offered(1, 5), ClusterSamples.Offered(2, 20)).Should().BeFalse();

    [Fact]
    public void IsRepeatAllowed_EvictedBeforeSettle_IsTrue() =>
        IsRepeatAllowed([ClusterSamples.Evicted(1, PendingAttempt), ClusterSamples.Terminated(2)], ClusterSamples.Offered(1, 5), ClusterSamples.Offered(2, 20)).Should().BeTrue();

    [Fact]
    public void IsRepeatAllowed_EvictedAfterSettle_IsFalse() =>
        IsRepeatAllowed([ClusterSamples.Evicted(1), ClusterSamples.Terminated(2)], ClusterSamples.Offered(1, 5), ClusterSamples.Offered(2, 20)).Should().BeFalse();

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void OrderEffects_BothAttemptsBeforeTheEvictedSiloEnded_HasTheFirst(int one, int other)
    {
        var (first, second) = (ClusterSamples.Offered(one, 60), ClusterSamples.Offered(other, 65));
        var silos = new SiloRuns([ClusterSamples.Evicted(1), ClusterSamples.Terminated(2)], [first, second]);

        silos.OrderEffects().Should().Equal(first);
        silos.FindAmbiguousAttempts().Should().Equal(second);
    }

    [Fact]
    public void OrderEffects_RepeatedAfterTheEvictedSiloEnded_HasBoth()
    {
        var (first, second) = (ClusterSamples.Offered(1, 60), ClusterSamples.Offered(2, 101));

        new SiloRuns([ClusterSamples.Evicted(1), ClusterSamples.Terminated(2)], [first, second]).OrderEffects().Should().Equal(first, second);
    }

    [Fact]
    public void OrderEffects_EvictedSiloRunsAfterItsPause_IsOrderedAtThePause()
    {
        var (late, between) = (ClusterSamples.Offered(1, 60), ClusterSamples.Offered(2, 20));

        new SiloRuns([ClusterSamples.Evicted(1, PendingAttempt), ClusterSamples.Terminated(2)], [between, late]).OrderEffects().Should().Equal(late, between);
    }

    private static bool IsRepeatAllowed(IReadOnlyList<SiloRun> runs, Effect first, Effect second) =>
        new SiloRuns(runs, [first, second]).IsRepeatAllowed(first, second);
}
