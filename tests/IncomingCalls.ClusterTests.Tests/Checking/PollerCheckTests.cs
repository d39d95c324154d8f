namespace IncomingCalls.ClusterTests.Tests.Checking;

public class PollerCheckTests
{
    [Fact]
    public void Findings_OneAfterTheOther_AreNone() =>
        Check([Told.Terminated(1), Told.Terminated(2)], Told.Request(1, 1, 5), Told.Request(2, 5, 9)).Findings().Should().BeEmpty();

    [Fact]
    public void Findings_AtOnce_AreTold() =>
        Check([Told.Terminated(1), Told.Terminated(2)], Told.Request(1, 1, 5), Told.Request(2, 4, 9)).Findings().Should().ContainSingle().Which.Text.Should().Contain("at once");

    [Fact]
    public void Findings_EvictedSiloWakesBesideItsSuccessor_AreNoneAndCounted()
    {
        var check = Check([Told.Evicted(1), Told.Terminated(2)], Told.Request(1, 9, 60), Told.Request(2, 40, 80));

        check.Findings().Should().BeEmpty();
        check.CountTolerated().Should().Be(1);
    }

    [Fact]
    public void Findings_ComesBackWhileTheOtherLives_AreTold() =>
        Check([Told.Terminated(1), Told.Killed(2, 50)], Told.Request(1, 1, 5), Told.Request(2, 6, 7), Told.Request(1, 8, 9)).Findings()
            .Should().ContainSingle().Which.Text.Should().Contain("again");

    [Fact]
    public void Findings_ComesBackWhenTheOtherIsGone_AreNone() =>
        Check([Told.Terminated(1), Told.Killed(2, 50)], Told.Request(1, 1, 5), Told.Request(2, 6, 7), Told.Request(1, 60, 61)).Findings().Should().BeEmpty();

    private static PollerCheck Check(IReadOnlyList<SiloLife> lives, params ApiRequest[] requests) => new(requests, lives);
}
