using IncomingCalls.Infrastructure;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Tests.Infrastructure;

public class ExpiringCacheTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new(TestHost.Now);
    private readonly List<string> _askedAbout = [];

    [Fact]
    public void Set_MoreThanCapacity_EvictsTheOldest()
    {
        var memory = new ExpiringCache<int, string>(_clock, () => 3);

        for (var i = 1; i <= 5; i++)
        {
            memory.Set(i, $"{i}", Hour);
        }

        Enumerable.Range(1, 5).Where(key => memory.TryGet(key, out _)).Should().Equal(3, 4, 5);
        memory.TryGet(5, out var last).Should().BeTrue();
        last.Should().Be("5");
    }

    [Fact]
    public void GetOrRenew_RecentlyUsed_ExpiresLater()
    {
        var memory = new ExpiringCache<int, string>(_clock, () => 2);
        memory.GetOrRenew(1, _ => "first", Hour);
        memory.GetOrRenew(2, _ => "second", Hour);

        memory.GetOrRenew(1, _ => "again", Hour).Should().Be("first");
        memory.GetOrRenew(3, _ => "third", Hour);

        memory.TryGet(1, out _).Should().BeTrue();
        memory.TryGet(2, out _).Should().BeFalse();
    }

    [Fact]
    public void TryGet_AfterExpiration_ReturnsFalse()
    {
        var memory = new ExpiringCache<int, string>(_clock, () => 10, MayForget);
        memory.Set(1, "one", Hour);

        _clock.Advance(Hour);

        memory.TryGet(1, out _).Should().BeFalse();
        memory.Set(2, "two", Hour);
        ShouldNotHold(memory, "one");
    }

    [Fact]
    public void Set_ProtectedEntry_OutlivesCapacityAndExpiration()
    {
        var memory = new ExpiringCache<int, string>(_clock, () => 2, value => value != "busy");
        memory.Set(1, "busy", Hour);
        _clock.Advance(2 * Hour);
        for (var i = 2; i <= 5; i++)
        {
            memory.Set(i, "idle", Hour);
        }

        memory.TryGet(1, out var kept).Should().BeTrue();
        kept.Should().Be("busy");
        Enumerable.Range(2, 4).Where(key => memory.TryGet(key, out _)).Should().Equal(5);
    }

    [Fact]
    public void Evict_Entry_IsRemoved()
    {
        var memory = new ExpiringCache<int, string>(_clock, () => 2);
        memory.Set(1, "one", Hour);

        memory.Evict(1);

        memory.TryGet(1, out _).Should().BeFalse();
    }

    [Fact]
    public void Set_OldestIsProtected_LaterEntriesStillExpire()
    {
        var memory = new ExpiringCache<int, string>(_clock, () => 10, MayForget);
        memory.Set(1, "busy", Hour);
        memory.Set(2, "two", Hour);

        _clock.Advance(2 * Hour);
        memory.Set(3, "three", Hour);

        ShouldNotHold(memory, "two");
        memory.TryGet(1, out _).Should().BeTrue();
    }

    private bool MayForget(string value)
    {
        _askedAbout.Add(value);
        return value != "busy";
    }

    /// <summary>What has expired is asked about at the next addition, if it is still held.</summary>
    private void ShouldNotHold(ExpiringCache<int, string> memory, string value)
    {
        _clock.Advance(2 * Hour);
        _askedAbout.Clear();
        memory.Set(9, "last", Hour);
        _askedAbout.Should().NotBeEmpty().And.NotContain(value);
    }
}
