using IncomingCalls.Infrastructure;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Tests.Infrastructure;

public class ExpiringCacheTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new(TestHost.Now);
    private readonly List<string> _evictionCandidates = [];

    [Fact]
    public void Set_MoreThanCapacity_EvictsTheOldest()
    {
        var cache = new ExpiringCache<int, string>(_clock, () => 3);

        for (var i = 1; i <= 5; i++)
        {
            cache.Set(i, $"{i}", Hour);
        }

        Enumerable.Range(1, 5).Where(key => cache.TryGet(key, out _)).Should().Equal(3, 4, 5);
        cache.TryGet(5, out var last).Should().BeTrue();
        last.Should().Be("5");
    }

    [Fact]
    public void GetOrRenew_RecentlyUsed_ExpiresLater()
    {
        var cache = new ExpiringCache<int, string>(_clock, () => 2);
        cache.GetOrRenew(1, _ => "first", Hour);
        cache.GetOrRenew(2, _ => "second", Hour);

        cache.GetOrRenew(1, _ => "again", Hour).Should().Be("first");
        cache.GetOrRenew(3, _ => "third", Hour);

        cache.TryGet(1, out _).Should().BeTrue();
        cache.TryGet(2, out _).Should().BeFalse();
    }

    [Fact]
    public void TryGet_AfterExpiration_ReturnsFalse()
    {
        var cache = new ExpiringCache<int, string>(_clock, () => 10, MayEvict);
        cache.Set(1, "one", Hour);

        _clock.Advance(Hour);

        cache.TryGet(1, out _).Should().BeFalse();
        cache.Set(2, "two", Hour);
        ShouldNotHold(cache, "one");
    }

    [Fact]
    public void Set_ProtectedEntry_OutlivesCapacityAndExpiration()
    {
        var cache = new ExpiringCache<int, string>(_clock, () => 2, value => value != "busy");
        cache.Set(1, "busy", Hour);
        _clock.Advance(2 * Hour);
        for (var i = 2; i <= 5; i++)
        {
            cache.Set(i, "idle", Hour);
        }

        cache.TryGet(1, out var value).Should().BeTrue();
        value.Should().Be("busy");
        Enumerable.Range(2, 4).Where(key => cache.TryGet(key, out _)).Should().Equal(5);
    }

    [Fact]
    public void Evict_Entry_IsRemoved()
    {
        var cache = new ExpiringCache<int, string>(_clock, () => 2);
        cache.Set(1, "one", Hour);

        cache.Evict(1);

        cache.TryGet(1, out _).Should().BeFalse();
    }

    [Fact]
    public void Set_OldestIsProtected_LaterEntriesStillExpire()
    {
        var cache = new ExpiringCache<int, string>(_clock, () => 10, MayEvict);
        cache.Set(1, "busy", Hour);
        cache.Set(2, "two", Hour);

        _clock.Advance(2 * Hour);
        cache.Set(3, "three", Hour);

        ShouldNotHold(cache, "two");
        cache.TryGet(1, out _).Should().BeTrue();
    }

    private bool MayEvict(string value)
    {
        _evictionCandidates.Add(value);
        return value != "busy";
    }

    /// <summary>Asserts that the cache has removed a value: the next addition passes every expired value that is still cached to <see cref="MayEvict"/>.</summary>
    private void ShouldNotHold(ExpiringCache<int, string> cache, string value)
    {
        _clock.Advance(2 * Hour);
        _evictionCandidates.Clear();
        cache.Set(9, "last", Hour);
        _evictionCandidates.Should().NotBeEmpty().And.NotContain(value);
    }
}
