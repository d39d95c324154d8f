using IncomingCalls.Inbox.State;

namespace IncomingCalls.Tests.Inbox.State;

public class RetryScheduleTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 10)]
    [InlineData(3, 60)]
    [InlineData(4, 600)]
    [InlineData(5, 3600)]
    [InlineData(6, 21600)]
    public void AfterFailure_DefaultDelays_AreTheDocumentedOnesWithJitter(int failed, int seconds)
    {
        for (var i = 0; i < 100; i++)
        {
            RetrySchedule.AfterFailure(null, failed, null)!.Value.TotalSeconds.Should().BeInRange(seconds * 0.8, seconds * 1.2);
        }
    }

    [Fact]
    public void AfterFailure_LastAttempt_ReturnsNull() => RetrySchedule.AfterFailure(null, 7, TimeSpan.FromSeconds(1)).Should().BeNull();

    [Fact]
    public void AfterFailure_HandlerRequestedDelay_ReturnsExactlyIt() =>
        RetrySchedule.AfterFailure(null, 1, TimeSpan.FromMinutes(5)).Should().Be(TimeSpan.FromMinutes(5));

    [Fact]
    public void AfterAlertFailure_ManyFailures_DelaysGrowToTenSeconds() =>
        Enumerable.Range(1, 40).Select(failed => RetrySchedule.AfterAlertFailure(failed).TotalSeconds).Should().Equal([0.5, 1, 2, 4, 8, .. Enumerable.Repeat(10d, 35)]);
}
