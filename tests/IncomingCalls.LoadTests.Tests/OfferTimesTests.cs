using System.Diagnostics;

namespace IncomingCalls.LoadTests.Tests;

public class OfferTimesTests
{
    /// <summary>Two offers, sent after 1 and 2 seconds, and observed until 12 seconds.</summary>
    private readonly OfferTimes _times = new(new Dictionary<string, long> { ["A"] = At(1), ["B"] = At(2) }) { ObservedUntil = At(12) };

    [Fact]
    public void ComputeRate_AllHandled_CountsFromTheFirstSendingToTheLastHandling()
    {
        _times.Add(HandlerRole.Plain, [new("B", At(5)), new("A", At(3))]);

        _times.IsComplete(HandlerRole.Plain).Should().BeTrue();
        _times.ComputeRate(HandlerRole.Plain).Should().Be(2 / 4.0);
    }

    [Fact]
    public void ComputeRate_OneNotHandled_CountsUntilTheEndOfTheObservation()
    {
        _times.Add(HandlerRole.Plain, [new("A", At(3))]);

        _times.IsComplete(HandlerRole.Plain).Should().BeFalse();
        _times.ComputeRate(HandlerRole.Plain).Should().Be(1 / 11.0);
    }

    [Fact]
    public void ComputeRate_NothingHandled_IsZero() => _times.ComputeRate(HandlerRole.Plain).Should().Be(0);

    [Fact]
    public void FindDelays_OneNotHandled_IsAtLeastTheObservedTime()
    {
        _times.Add(HandlerRole.Recorder, [new("A", At(3))]);

        _times.FindDelays(HandlerRole.Recorder).Should().BeEquivalentTo([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10)]);
    }

    [Fact]
    public void CountHandledWithin_Limit_IncludesTheLimit()
    {
        _times.Add(HandlerRole.Notifier, [new("A", At(3)), new("B", At(8))]);

        _times.CountHandledWithin(HandlerRole.Notifier, TimeSpan.FromSeconds(2)).Should().Be(1);
        _times.CountHandledWithin(HandlerRole.Notifier, TimeSpan.FromSeconds(6)).Should().Be(2);
    }

    [Fact]
    public void Add_RepeatedAttemptAndOtherCall_AreIgnored()
    {
        _times.Add(HandlerRole.Plain, [new("A", At(3)), new("A", At(4)), new("C", At(3))]);

        _times.CountHandled(HandlerRole.Plain).Should().Be(1);
        _times.FindDelays(HandlerRole.Plain).Should().Contain(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Add_OneRole_ChangesNoOther()
    {
        _times.Add(HandlerRole.Plain, [new("A", At(3))]);

        _times.CountHandled(HandlerRole.Notifier).Should().Be(0);
    }

    [Fact]
    public void Parse_FormattedTimes_AreTheSame()
    {
        HandlerTime[] times = [new("A", At(3)), new("B", At(5))];

        HandlerTime.Parse(string.Join('\n', times.Select(time => time.Format()))).Should().Equal(times);
        HandlerTime.Parse("").Should().BeEmpty();
    }

    private static long At(int seconds) => seconds * Stopwatch.Frequency;
}
