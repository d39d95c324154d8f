using System.Diagnostics;

namespace IncomingCalls.ClusterTests.Tests.Checking;

public class PollerCheckTests
{
    private static readonly long Second = Stopwatch.Frequency;

    [Fact]
    public void FindViolations_SequentialRequests_FindsNone()
    {
        var check = Check([ClusterSamples.Terminated(1), ClusterSamples.Terminated(2)], ClusterSamples.Request(1, 1, 5), ClusterSamples.Request(2, 5, 9));

        check.FindViolations().Should().BeEmpty();
        check.FindHandovers().Should().BeEmpty();
    }

    [Fact]
    public void FindViolations_LongOverlap_FindsOne() =>
        Check([ClusterSamples.Terminated(1), ClusterSamples.Terminated(2)], ClusterSamples.Request(1, 1, 20 * Second), ClusterSamples.Request(2, 4, 5), ClusterSamples.Request(2, 6, 19 * Second)).FindViolations()
            .Should().ContainSingle().Which.Text.Should().Contain("for 19.0 s");

    [Fact]
    public void FindViolations_ShortOverlap_IsAHandover()
    {
        var check = Check([ClusterSamples.Terminated(1), ClusterSamples.Terminated(2)], ClusterSamples.Request(1, 1, 3 * Second), ClusterSamples.Request(2, 1 * Second, 4 * Second));

        check.FindViolations().Should().BeEmpty();
        check.FindHandovers().Should().Equal(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void FindViolations_EvictedSiloOverlapsItsSuccessor_IsOnlyCounted()
    {
        var check = Check([ClusterSamples.Evicted(1), ClusterSamples.Terminated(2)], ClusterSamples.Request(1, 9, 60), ClusterSamples.Request(2, 40, 80));

        check.FindViolations().Should().BeEmpty();
        check.CountOverlapsOfEvicted().Should().Be(1);
    }

    private static PollerCheck Check(IReadOnlyList<SiloRun> runs, params PollRequest[] requests) => new(requests, runs);
}
