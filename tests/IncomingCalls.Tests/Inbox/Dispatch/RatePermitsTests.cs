using IncomingCalls.Inbox.Dispatch;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Tests.Inbox.Dispatch;

public class RatePermitsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly CallHandlerRateLimit Limit = new() { Permits = 2, Period = 2 * Second, Burst = 3 };

    private readonly FakeTimeProvider _clock = new(TestHost.Now);
    private readonly RatePermits _permits;

    public RatePermitsTests() => _permits = new(_clock);

    [Fact]
    public void TryTake_ProcessHasJustStarted_HasNoBurst()
    {
        Take().Should().BeNull();
        Take().Should().Be(TestHost.Now + Second, "the process before may have used the burst");
        _clock.Advance(Second);
        Take().Should().BeNull();
        Take().Should().Be(TestHost.Now + (2 * Second));
    }

    [Fact]
    public void TryTake_IdleForLong_HasItsBurstAndThenOnePermitAfterAnother()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        var now = _clock.GetUtcNow();

        TakeAll().Should().Be(3);
        Take().Should().Be(now + Second);
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(Second - TimeSpan.FromTicks(1));
            TakeAll().Should().Be(0);
            _clock.Advance(TimeSpan.FromTicks(1));
            TakeAll().Should().Be(1);
        }

        _clock.Advance(2 * Second);
        TakeAll().Should().Be(2, "the burst is earned again by waiting");
    }

    [Fact]
    public void TryTake_Refused_TakesNothing()
    {
        Take();
        var refusals = Enumerable.Range(0, 100).Select(_ => Take());

        refusals.Should().AllBeEquivalentTo(TestHost.Now + Second);
    }

    [Fact]
    public void TryTake_OtherPartitionOrHandler_HasPermitsOfItsOwn()
    {
        Take();

        Take(partition: "portal-8").Should().BeNull();
        Take("chat").Should().BeNull();
    }

    [Fact]
    public void TryTake_ManyPartitions_ForgetsThoseThatAreIdle()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 20_000; i++)
        {
            Take(partition: $"portal-{i}");
            _clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        _permits.PartitionCount.Should().BeLessThan(1_200, "after a second a partition has its burst again");
    }

    [Fact]
    public void TryTake_SweepWhileAPartitionIsBusy_DoesNotForgetIt()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        TakeAll();

        for (var i = 0; i < 5_000; i++)
        {
            Take(partition: $"portal-{i}");
        }

        Take().Should().Be(_clock.GetUtcNow() + Second);
    }

    private DateTimeOffset? Take(string handler = "crm", string partition = "portal-7") => _permits.TryTake(handler, partition, Limit, _clock.GetUtcNow());

    private int TakeAll()
    {
        var taken = 0;
        while (Take() is null)
        {
            taken++;
        }

        return taken;
    }
}
