using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Tests.Inbox.Dispatch;

public class RatePermitsTests
{
    private static readonly DateTimeOffset Start = TestHost.Now;
    private static readonly CallHandlerRateLimit Limit = new() { Permits = 2, Period = TimeSpan.FromSeconds(2), Burst = 3 };

    private readonly RatePermits _permits = new(new FakeTimeProvider(Start));

    [Fact]
    public void TryTake_AfterTheStart_BeginsWithoutTheBurst()
    {
        (Take(Start), Take(Start), Take(Start.AddSeconds(1)), Take(Start.AddSeconds(1))).Should().Be((true, false, true, false));
    }

    [Fact]
    public void TryTake_AfterATimeWithoutAttempts_StartsTheBurstAtOnce()
    {
        var later = Start.AddMinutes(1);

        (Take(later), Take(later), Take(later), Take(later)).Should().Be((true, true, true, false));
        (Take(later.AddSeconds(1)), Take(later.AddSeconds(1))).Should().Be((true, false));
    }

    [Fact]
    public void TryTake_MayWait_ReservesPermitsInOrder()
    {
        DateTimeOffset[] starts = [.. Enumerable.Range(0, 3).Select(_ => _permits.TryTake("crm", "", Limit, Start, TimeSpan.FromSeconds(2), out var startsAt) ? startsAt : default)];

        starts.Should().Equal(Start, Start.AddSeconds(1), Start.AddSeconds(2));
        _permits.TryTake("crm", "", Limit, Start, TimeSpan.FromSeconds(2), out var next).Should().BeFalse();
        next.Should().Be(Start.AddSeconds(3), "the reserved permits are taken");
    }

    [Fact]
    public void TryTake_NegativeWait_TakesNoPermit()
    {
        _permits.TryTake("crm", "", Limit, Start, TimeSpan.FromSeconds(-1), out var startsAt).Should().BeFalse();

        (startsAt, Take(Start)).Should().Be((Start, true));
    }

    [Fact]
    public void TryTake_OtherPartitionOrHandler_HasPermitsOfItsOwn()
    {
        Take(Start);

        _permits.TryTake("crm", "portal", Limit, Start, TimeSpan.Zero, out _).Should().BeTrue();
        _permits.TryTake("erp", "", Limit, Start, TimeSpan.Zero, out _).Should().BeTrue();
    }

    [Fact]
    public void TryTake_ManyPartitions_RetainsTheBusyOnes()
    {
        Take(Start.AddSeconds(1));
        for (var partition = 0; partition < 2_500; partition++)
        {
            _permits.TryTake("crm", $"portal-{partition}", Limit, Start, TimeSpan.Zero, out _);
        }

        Take(Start.AddSeconds(1)).Should().BeTrue("one of the burst has been left");
        Take(Start.AddSeconds(1)).Should().BeFalse();
    }

    private bool Take(DateTimeOffset now) => _permits.TryTake("crm", "", Limit, now, TimeSpan.Zero, out _);
}
