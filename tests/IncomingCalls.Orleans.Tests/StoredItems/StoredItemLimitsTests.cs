using System.Collections.Immutable;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.StoredItems;

namespace IncomingCalls.Orleans.Tests.StoredItems;

public class StoredItemLimitsTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 7, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void FindSurplus_OneInstanceHasTooMany_TakesItsOldest()
    {
        var items = Create((1, 10), (2, 20), (1, 10), (1, 10), (null, 10));

        Limits(perInstance: 2).FindSurplus(items).Should().Equal(1);
        Limits(perInstance: 3).FindSurplus(items).Should().BeEmpty();
    }

    [Fact]
    public void FindSurplus_TooManyBytes_TakesTheOldestOfTheInstanceWithTheMost()
    {
        var items = Create((2, 10), (1, 30), (1, 30), (2, 10));

        Limits(bytes: 60).FindSurplus(items).Should().Equal(2);
        Limits(bytes: 25).FindSurplus(items).Should().Equal(2, 3);
    }

    [Fact]
    public void FindSurplus_NewestItemIsTooLarge_RemainsAlone()
    {
        var items = Create((1, 10), (1, 10), (2, 1_000));

        Limits(bytes: 100).FindSurplus(items).Should().Equal(1, 2);
    }

    [Fact]
    public void FindSurplus_MoreThanTheIndexHolds_TakesTheOldestOfTheInstanceWithTheMost()
    {
        var items = Create([(1, 1), .. Enumerable.Repeat<(long?, int)>((2, 1), StoredItemLimits.MaxItems - 1), (3, 1)]);

        Limits(perInstance: StoredItemLimits.MaxItems).FindSurplus(items).Should().Equal(2);
    }

    [Fact]
    public void FindExpired_ItemsOfDifferentAges_FindsTheOld()
    {
        var limits = Limits();
        var items = new[] { Now.AddDays(-3), Now.AddDays(-2).AddMinutes(-1), Now.AddDays(-2), Now }
            .ToImmutableSortedDictionary(time => StoredItemLimits.CreateId(time, last: 0), _ => new StoredItemEntry());

        limits.FindExpired(items, Now).Should().Equal(items.Keys.Take(2));
    }

    [Fact]
    public void CreateId_SeveralInAMillisecond_Grow()
    {
        var first = StoredItemLimits.CreateId(Now, last: 0);

        StoredItemLimits.CreateId(Now, first).Should().Be(first + 1);
        StoredItemLimits.CreateId(Now.AddMilliseconds(1), first).Should().BeGreaterThan(first + 1);
    }

    private static StoredItemLimits Limits(int perInstance = 100, long bytes = long.MaxValue) => new() { ItemsPerInstance = perInstance, Bytes = bytes, Retention = TimeSpan.FromDays(2) };

    private static ImmutableSortedDictionary<long, StoredItemEntry> Create(params IReadOnlyList<(long? IdInstance, int Size)> items) =>
        items.Select((item, i) => KeyValuePair.Create(i + 1L, new StoredItemEntry { IdInstance = item.IdInstance, Size = item.Size })).ToImmutableSortedDictionary();
}
