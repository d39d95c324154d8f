using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Tests.StoredItems;

/// <summary>Dead letters and quarantined items are bounded and listed in pages.</summary>
public class StoredItemCollectionTests
{
    private readonly TestStorage _storage = new();

    [Fact]
    public async Task DeadLetters_OverTheLimit_DropsTheOldest()
    {
        var recorder = new EventRecorder { BeforeRecording = static (_, _, _) => throw new CallEventRejectedException("No.") };
        await using var node = await StartAsync(recorder, options => options.MaxDeadLetters = 2);

        foreach (var id in (string[])["one", "two", "three"])
        {
            await node.DeliverAsync(Node.CreateNotification("declined", id));
            await Eventually.HoldsAsync(async () => (await node.Inbox.ListDeadLettersAsync()).Should().Contain(letter => letter.Call.IdMessage == id));
        }

        (await node.Inbox.ListDeadLettersAsync()).Select(letter => letter.Call.IdMessage).Should().Equal("two", "three");
        (await node.Inbox.GetStatisticsAsync()).DeadLetters.Should().Be(2);
        node.Logs.GetSnapshot().Should().ContainSingle(entry => entry.Level == LogLevel.Error && entry.Message.Contains("oldest dead letters were deleted"));
        await Eventually.HoldsAsync(() => _storage.GrainsOf("dead-letter").Should().HaveCount(2, "items that are not listed should be deleted"));
    }

    [Fact]
    public async Task Quarantine_OverTheByteLimit_DropsTheOldest()
    {
        await using var node = await StartAsync(new(), options => options.MaxQuarantineBytes = 1024 * 1024);

        for (var i = 0; i < 3; i++)
        {
            await node.Intake.AcceptAsync(new byte[400 * 1024]);
        }

        (await node.Inbox.ListQuarantineAsync()).Should().HaveCount(2);
        _storage.GrainsOf("quarantined-bytes").Should().HaveCount(2);
        node.Logs.GetSnapshot().Should().ContainSingle(entry => entry.Level == LogLevel.Error && entry.Message.Contains("were deleted from the quarantine"));
    }

    [Fact]
    public async Task DeadLetters_OlderThanTheRetention_AreDeleted()
    {
        var time = new ShiftedTimeProvider();
        var recorder = new EventRecorder { BeforeRecording = static (_, _, _) => throw new CallEventRejectedException("No.") };
        await using var node = await StartAsync(recorder, options => options.DeadLetterRetention = TimeSpan.FromDays(2), time);
        await node.DeliverAsync(Node.CreateNotification("declined", "one"));
        await Eventually.HoldsAsync(async () => (await node.Inbox.ListDeadLettersAsync()).Should().ContainSingle());

        time.Shift = TimeSpan.FromDays(1);
        await node.DeliverAsync(Node.CreateNotification("declined", "two"));
        await Eventually.HoldsAsync(async () => (await node.Inbox.ListDeadLettersAsync()).Should().HaveCount(2));
        time.Shift = TimeSpan.FromDays(2.5);

        await Eventually.HoldsAsync(async () => (await node.Inbox.ListDeadLettersAsync()).Should().ContainSingle().Which.Call.IdMessage.Should().Be("two"));
        await Eventually.HoldsAsync(() => _storage.GrainsOf("dead-letter").Should().ContainSingle());
        node.Logs.GetSnapshot().Should().ContainSingle(entry => entry.Id.Name == "DeadLettersExpired");
    }

    [Fact]
    public async Task Quarantine_OlderThanTheRetention_IsDeleted()
    {
        var time = new ShiftedTimeProvider();
        await using var node = await StartAsync(new(), options => options.QuarantineRetention = TimeSpan.FromDays(2), time);
        await node.Intake.AcceptAsync("{ no json"u8.ToArray());

        time.Shift = TimeSpan.FromDays(2.5);

        await Eventually.HoldsAsync(async () => (await node.Inbox.ListQuarantineAsync()).Should().BeEmpty());
        await Eventually.HoldsAsync(() => _storage.GrainsOf("quarantined-bytes").Should().BeEmpty());
        node.Logs.GetSnapshot().Should().ContainSingle(entry => entry.Id.Name == "QuarantineExpired");
    }

    [Fact]
    public async Task Quarantine_NextPage_StartsAfterTheLastItem()
    {
        await using var node = await StartAsync(new());
        for (var i = 0; i < 5; i++)
        {
            await node.Intake.AcceptAsync("{ no json"u8.ToArray());
        }

        var first = await node.Inbox.ListQuarantineAsync(limit: 3);
        var second = await node.Inbox.ListQuarantineAsync(limit: 3, after: first[^1].Id);

        (first.Count, second.Count).Should().Be((3, 2));
        first.Concat(second).Select(item => item.Id).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        (await node.Inbox.ReadQuarantinedAsync(first[0].Id))!.Value.ToArray().Should().Equal("{ no json"u8.ToArray());
        (await node.Inbox.ReadQuarantinedAsync(1)).Should().BeNull();
    }

    [Fact]
    public async Task Quarantine_EmptyBody_IsStoredUnchanged()
    {
        await using var node = await StartAsync(new());

        await node.Intake.AcceptAsync(ReadOnlyMemory<byte>.Empty);

        var item = (await node.Inbox.ListQuarantineAsync()).Single();
        (await node.Inbox.ReadQuarantinedAsync(item.Id))!.Value.Length.Should().Be(0);
        (await node.Inbox.PurgeQuarantineAsync()).Should().Be(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task List_LimitOutOfRange_Throws(int limit)
    {
        await using var node = await StartAsync(new());

        var list = async () => await node.Inbox.ListDeadLettersAsync(limit);

        await list.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    private Task<Node> StartAsync(EventRecorder recorder, Action<OrleansInboxOptions>? options = null, TimeProvider? time = null) => Node.StartAsync(
        services =>
        {
            SingleSiloCluster.Add(services, _storage);
            services.AddSingleton(time ?? TimeProvider.System);
        },
        recorder,
        calls => calls.UseOrleansInbox(options));
}
