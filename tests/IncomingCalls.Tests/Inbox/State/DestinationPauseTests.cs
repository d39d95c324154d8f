using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;

namespace IncomingCalls.Tests.Inbox.State;

public class DestinationPauseTests
{
    private static readonly DateTimeOffset Now = TestHost.Now;

    [Fact]
    public void After_FirstFailure_PausesForHalfAMinute()
    {
        var pause = DestinationPause.After(null, Report(AttemptOutcome.Unavailable, "portal"), Now);

        pause.Should().BeEquivalentTo(new { Handler = "crm", Destination = "portal", Since = Now, IsUnavailable = true, Failures = 1, Reason = "down" });
        (pause!.Until - Now).Should().BeCloseTo(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public void After_ProbesFail_DoublesTheDelayUpToAQuarterOfAnHour()
    {
        DestinationPause? pause = null;
        List<double> minutes = [];
        for (var (probes, now) = (0, Now); probes < 8; probes++, now = pause.Until)
        {
            pause = DestinationPause.After(pause, Report(AttemptOutcome.Unavailable, "portal"), now)!;
            minutes.Add((pause.Until - now).TotalMinutes);
        }

        minutes.Zip([0.5, 1, 2, 4, 8, 15, 15, 15]).Should().OnlyContain(static pair => Math.Abs(pair.First - pair.Second) <= pair.Second * 0.2);
        pause.Should().BeEquivalentTo(new { Since = Now, Failures = 8 });
    }

    [Fact]
    public void After_FailureOfAnAttemptThatRanBesideTheFirst_IsNoProbe()
    {
        var first = DestinationPause.After(null, Report(AttemptOutcome.Unavailable, "portal"), Now)!;

        DestinationPause.After(first, Report(AttemptOutcome.Unavailable, "portal"), Now.AddSeconds(1)).Should().BeSameAs(first);
        DestinationPause.After(first, Report(AttemptOutcome.Unavailable, "portal", TimeSpan.FromHours(1)), Now.AddSeconds(1))!.Until.Should().Be(Now.AddSeconds(3601), "the destination has announced it");
    }

    [Theory]
    [InlineData(AttemptOutcome.Succeeded)]
    [InlineData(AttemptOutcome.Rejected)]
    [InlineData(AttemptOutcome.Failed)]
    public void After_OtherResultOfTheProbe_EndsThePause(AttemptOutcome outcome)
    {
        var pause = DestinationPause.After(null, Report(AttemptOutcome.Unavailable, "portal"), Now)!;

        DestinationPause.After(pause, Report(outcome, null) with { IsProbe = true }, pause.Until).Should().BeNull();
        DestinationPause.After(pause, Report(outcome, null), Now.AddSeconds(1)).Should().BeSameAs(pause, "the attempt had started before the pause");
    }

    [Theory]
    [InlineData(AttemptOutcome.Succeeded, true)]
    [InlineData(AttemptOutcome.Rejected, false)]
    [InlineData(AttemptOutcome.Failed, false)]
    public void After_AttemptFromBeforeThePauseEndsWhenTheProbeIsDue_EndsItOnlyWithSuccess(AttemptOutcome outcome, bool ends)
    {
        var pause = DestinationPause.After(null, Report(AttemptOutcome.Unavailable, "portal"), Now)!;

        DestinationPause.After(pause, Report(outcome, null), pause.Until).Should().Be(ends ? null : pause);
    }

    [Fact]
    public void After_ProbeTimesOut_IsAFailedProbe()
    {
        var pause = DestinationPause.After(null, Report(AttemptOutcome.Unavailable, "portal"), Now)!;

        var next = DestinationPause.After(pause, Report(AttemptOutcome.Failed, null) with { IsProbe = true, HasTimedOut = true }, pause.Until)!;

        next.Should().BeEquivalentTo(new { Destination = "portal", Since = Now, IsUnavailable = true, Failures = 2 });
        next.Until.Should().BeAfter(pause.Until);
    }

    [Theory]
    [InlineData(0, 24, 36)]
    [InlineData(90, 90, 90)]
    [InlineData(1_790_000_000, 86_400, 86_400)]
    [InlineData(null, 24, 36)]
    public void After_AnnouncedTimeOfTheProbe_IsAtMostADay(int? seconds, int min, int max)
    {
        var announced = seconds is { } s ? TimeSpan.FromSeconds(s) : (TimeSpan?)null;

        var pause = DestinationPause.After(null, Report(AttemptOutcome.Unavailable, "portal", announced), Now)!;

        (pause.Until - Now).TotalSeconds.Should().BeInRange(min, max);
        DestinationPause.After(pause, Report(AttemptOutcome.Unavailable, "portal", TimeSpan.MaxValue), Now.AddSeconds(1))!.Until.Should().Be(Now.AddSeconds(86_401));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(20, 20)]
    [InlineData(1_790_000_000, 3_600)]
    public void After_RequestedDelay_IsASecondAtLeastAndAnHourAtMost(long seconds, int expected)
    {
        var pause = DestinationPause.After(null, Report(AttemptOutcome.Failed, "portal", TimeSpan.FromSeconds(seconds)), Now)!;

        pause.Until.Should().Be(Now.AddSeconds(expected));
    }

    [Fact]
    public void After_RequestedDelay_EndsByItself()
    {
        var pause = DestinationPause.After(null, Report(AttemptOutcome.Failed, "portal", TimeSpan.FromSeconds(20)), Now)!;

        pause.Should().BeEquivalentTo(new { Since = Now, Until = Now.AddSeconds(20), IsUnavailable = false, Failures = 0 });
        DestinationPause.After(pause, Report(AttemptOutcome.Failed, "portal", TimeSpan.FromSeconds(5)), Now.AddSeconds(1)).Should().BeSameAs(pause, "the longer delay holds");
        DestinationPause.After(pause, Report(AttemptOutcome.Succeeded, null), Now.AddSeconds(1)).Should().BeSameAs(pause);
        DestinationPause.After(pause, Report(AttemptOutcome.Succeeded, null), Now.AddSeconds(20)).Should().BeNull();
    }

    [Fact]
    public void After_ProbeIsToldToWait_TurnsIntoADelay()
    {
        var pause = DestinationPause.After(null, Report(AttemptOutcome.Unavailable, "portal"), Now)!;

        DestinationPause.After(pause, Report(AttemptOutcome.Failed, "portal", TimeSpan.FromSeconds(20)), pause.Until).Should().BeEquivalentTo(
            new { Since = pause.Until, Until = pause.Until.AddSeconds(20), IsUnavailable = false });
        DestinationPause.After(pause, Report(AttemptOutcome.Failed, "portal", TimeSpan.FromSeconds(5)), Now).Should().BeSameAs(pause, "the destination is unavailable for longer");
    }

    [Fact]
    public void HasOutlasted_CountsFromTheReceiptOrFromTheBeginningOfThePause()
    {
        var pause = DestinationPause.After(null, Report(AttemptOutcome.Unavailable, "portal"), Now)!;
        var week = TimeSpan.FromDays(7);

        pause.HasOutlasted(week, Now.AddDays(-20), Now.AddDays(6)).Should().BeFalse("the pause began later than the event, which was replayed");
        pause.HasOutlasted(week, Now.AddDays(-20), Now.AddDays(7)).Should().BeTrue();
        pause.HasOutlasted(week, Now.AddDays(1), Now.AddDays(7)).Should().BeFalse();
        pause.HasOutlasted(week, Now.AddDays(1), Now.AddDays(8)).Should().BeTrue();
        (pause with { IsUnavailable = false }).HasOutlasted(week, Now, Now.AddDays(30)).Should().BeFalse("a delay ends by itself");
    }

    private static AttemptReport Report(AttemptOutcome outcome, string? destination, TimeSpan? retryAfter = null) => new()
    {
        Attempt = new()
        {
            PendingEvent = new()
            {
                Event = new() { Id = "1101000001/A/Missed", Call = new(1101000001, "A"), Kind = CallEventKind.Missed, Decision = CallDecision.Handle(), OccurredAt = Now, ReceivedAt = Now },
                Deliveries = [],
            },
            Delivery = new() { HandlerName = "crm", DueAt = Now, Destination = "portal" },
        },
        Outcome = outcome,
        Destination = destination,
        RetryAfter = retryAfter,
        Error = "down",
    };
}
