using System.Collections.Immutable;
using System.Text.Json;
using IncomingCalls.Orleans.StoredItems;

namespace IncomingCalls.Orleans.Tests.StoredItems;

public class AdministrationLogTests
{
    private static readonly AdministrationLogEntry Action = new()
    {
        Id = 0,
        At = default,
        Action = AdministrationAction.PurgeQuarantine,
        Filter = new() { ErrorContains = "No" },
        Count = 0,
        PerformedBy = "operator",
    };

    [Fact]
    public void Add_LogIsFull_DropsTheOldestEntry()
    {
        ImmutableList<JsonElement>? log = null;
        var time = new StoppedTimeProvider();
        for (var count = 1; count <= AdministrationLog.MaxEntries + 2; count++)
        {
            log = AdministrationLog.Add(log, Action, count, time);
        }

        var entries = AdministrationLog.Read(log, int.MaxValue).ToArray();
        entries.Should().HaveCount(AdministrationLog.MaxEntries);
        entries.Select(entry => entry.Id).Should().BeInDescendingOrder().And.OnlyHaveUniqueItems("the clock has not moved");
        (entries[0].Count, entries[^1].Count).Should().Be((AdministrationLog.MaxEntries + 2, 3));
    }

    [Fact]
    public void Add_Action_IsReadWithItsTime()
    {
        var time = new StoppedTimeProvider();

        var log = AdministrationLog.Add(null, Action, 2, time);

        AdministrationLog.Read(log, limit: 1).Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Id = 1790000000000000L, At = time.GetUtcNow(), Action.Action, Filter = new { ErrorContains = "No" }, Count = 2, PerformedBy = "operator" });
    }

    private sealed class StoppedTimeProvider : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(1790000000);
    }
}
