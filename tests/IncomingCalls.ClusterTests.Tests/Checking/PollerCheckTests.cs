using System.Diagnostics;

namespace IncomingCalls.ClusterTests.Tests.Checking;

public class PollerCheckTests
{
    private static readonly long Second = Stopwatch.Frequency;

    [Fact]
    public void Findings_OneAfterTheOther_AreNone()
    {
        var check = Check([Told.Terminated(1), Told.Terminated(2)], Told.Request(1, 1, 5), Told.Request(2, 5, 9));

        check.Findings().Should().BeEmpty();
        check.HandOvers().Should().BeEmpty();
    }

    [Fact]
    public void Findings_AtOnceForLong_AreTold() =>
        Check([Told.Terminated(1), Told.Terminated(2)], Told.Request(1, 1, 20 * Second), Told.Request(2, 4, 5), Told.Request(2, 6, 19 * Second)).Findings()
            .Should().ContainSingle().Which.Text.Should().Contain("for 19.0 s");

    [Fact]
    public void Findings_AtOnceUntilTheyAgree_AreAHandOver()
    {
        var check = Check([Told.Terminated(1), Told.Terminated(2)], Told.Request(1, 1, 3 * Second), Told.Request(2, 1 * Second, 4 * Second));

        check.Findings().Should().BeEmpty();
        check.HandOvers().Should().Equal(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Findings_EvictedSiloWakesBesideItsSuccessor_AreNoneAndCounted()
    {
        var check = Check([Told.Evicted(1), Told.Terminated(2)], Told.Request(1, 9, 60), Told.Request(2, 40, 80));

        check.Findings().Should().BeEmpty();
        check.CountOfEvicted().Should().Be(1);
    }

    private static PollerCheck Check(IReadOnlyList<SiloLife> lives, params ApiRequest[] requests) => new(requests, lives);
}
