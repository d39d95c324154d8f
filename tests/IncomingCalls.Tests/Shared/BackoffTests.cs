using IncomingCalls.Shared;

namespace IncomingCalls.Tests.Shared;

public class BackoffTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void DelayFor_ConsecutiveFailures_DoublesUpToTheMaximum() =>
        Enumerable.Range(1, 7).Select(failures => Backoff.DelayFor(failures, Second, 10 * Second).TotalSeconds).Should().Equal(1, 2, 4, 8, 10, 10, 10);

    [Theory]
    [InlineData(int.MinValue, 1)]
    [InlineData(0, 1)]
    [InlineData(63, 60)]
    [InlineData(64, 60)]
    [InlineData(65, 60)]
    [InlineData(int.MaxValue, 60)]
    public void DelayFor_AnyNumberOfFailures_DoesNotOverflow(int failures, int seconds) =>
        Backoff.DelayFor(failures, Second, 60 * Second).Should().Be(seconds * Second);

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(int.MaxValue)]
    public void DelayFor_LongestMaximum_DoesNotOverflow(int failures) =>
        Backoff.DelayFor(failures, TimeSpan.FromTicks(1), TimeSpan.MaxValue).Should().BePositive();

    [Fact]
    public void DelayFor_InitialDelayZero_IsZero() => Backoff.DelayFor(int.MaxValue, TimeSpan.Zero, Second).Should().Be(TimeSpan.Zero);

    [Fact]
    public void DelayFor_InitialDelayAboveTheMaximum_IsTheMaximum() => Backoff.DelayFor(1, 2 * Second, Second).Should().Be(Second);

    [Fact]
    public void AddJitter_ManyTimes_VariesByAtMostAFifth()
    {
        var seconds = Enumerable.Range(0, 1000).Select(_ => Backoff.AddJitter(10 * Second).TotalSeconds).ToArray();

        seconds.Should().OnlyContain(delay => delay >= 8 && delay <= 12);
        seconds.Should().Contain(delay => delay < 9).And.Contain(delay => delay > 11);
    }

    [Fact]
    public void Next_ConsecutiveFailures_GrowsWithJitterAndNeverExceedsTheMaximumByMore()
    {
        var backoff = new Backoff(Second, 10 * Second);

        foreach (var expected in new[] { 1, 2, 4, 8, 10, 10, 10 })
        {
            backoff.Next().TotalSeconds.Should().BeInRange(expected * 0.8, expected * 1.2);
        }
    }

    [Fact]
    public void Reset_AfterFailures_StartsAgainWithTheInitialDelay()
    {
        var backoff = new Backoff(Second, 60 * Second);
        for (var failures = 0; failures < 5; failures++)
        {
            backoff.Next();
        }

        backoff.Reset();

        backoff.Next().TotalSeconds.Should().BeInRange(0.8, 1.2);
    }
}
