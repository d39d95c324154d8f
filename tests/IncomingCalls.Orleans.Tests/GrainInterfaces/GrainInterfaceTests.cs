using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.GrainInterfaces;

/// <summary>All arguments and results of the grain interfaces can be serialized. Calls within a silo would not reveal a missing serializer.</summary>
public class GrainInterfaceTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [RedisFact]
    public async Task Administration_OnAClient_WorksAsOnASilo()
    {
        var cluster = new TestCluster(redis);
        var recorder = new EventRecorder { BeforeRecording = static (_, _, _) => throw new CallEventRejectedException("No.") };
        await using var silo = await Node.StartAsync(services => cluster.AddSilo(services), recorder);
        await using var client = await Node.StartAsync(cluster.AddClient, recorder: null);
        await client.DeliverAsync(Node.CreateNotification("declined", "A"));
        await client.DeliverAsync(Node.CreateNotification("declined", "B"));
        await Eventually.HoldsAsync(async () => (await client.Inbox.GetStatisticsAsync()).DeadLetters.Should().Be(2));

        var letters = await client.Inbox.ListDeadLettersAsync();
        recorder.BeforeRecording = static (_, _, _) => Task.CompletedTask;
        (await client.Inbox.ReplayDeadLettersAsync(letters[0].Id)).Should().Be(1);
        (await client.Inbox.PurgeDeadLettersAsync(new InboxFilter { Handler = letters[1].Handler, From = letters[1].FailedAt, ErrorContains = "no." }, "operator")).Should().BeInRange(1, 2);
        (await client.Inbox.ListAdministrationLogAsync()).Should().HaveCount(2).And.Contain(static entry => entry.PerformedBy == "operator" && entry.Filter.ErrorContains == "no.");
        await Eventually.HoldsAsync(() => recorder.Lines.Should().Equal($"Missed {letters[0].Call.IdMessage}"));

        await client.Intake.AcceptAsync("{ no json"u8.ToArray());
        var item = (await client.Inbox.ListQuarantineAsync()).Single();
        (await client.Inbox.ReadQuarantinedAsync(item.Id))!.Value.ToArray().Should().Equal("{ no json"u8.ToArray());
        (await client.Inbox.ReplayQuarantineAsync(item.Id)).Should().Be(1);
        await Eventually.HoldsAsync(async () => (await client.Inbox.ListQuarantineAsync()).Should().ContainSingle().Which.Id.Should().NotBe(item.Id));
        (await client.Inbox.PurgeQuarantineAsync()).Should().Be(1);
    }

    [RedisFact]
    public async Task WakeUpBucket_CalledFromAnotherNode_TracksItsEntries()
    {
        var cluster = new TestCluster(redis);
        await using var silo = await Node.StartAsync(services => cluster.AddSilo(services), new EventRecorder { BeforeRecording = static (_, _, _) => throw new CallEventRetryException(TimeSpan.FromHours(1)) });
        await using var client = await Node.StartAsync(cluster.AddClient, recorder: null);
        var grains = client.Services.GetRequiredService<IGrainFactory>();
        var due = new WakeUpEntry { Generation = 1, DueAt = TimeProvider.System.GetUtcNow().AddHours(1), PendingCount = 2, OldestPendingAt = TimeProvider.System.GetUtcNow() };
        var bucket = grains.GetGrain<IWakeUpBucketGrain>(7);

        (await bucket.AddAsync([new() { Call = "1101000001/X", Generation = 1, Entry = due }])).Should().Be(1);
        await bucket.UpdateAsync([new() { Call = "1101000001/X", Generation = 1, Entry = due with { PendingCount = 1 } }]);
        // The bucket applies updates when the write before them has ended.
        await Eventually.HoldsAsync(async () => (await bucket.GetStatisticsAsync()).PendingCount.Should().Be(1));
        await bucket.UpdateAsync([new() { Call = "1101000001/X", Generation = 0 }]);
        (await bucket.GetStatisticsAsync()).PendingCount.Should().Be(1, "the update is for an earlier generation of the entry");
        await bucket.UpdateAsync([new() { Call = "1101000001/X", Generation = 1 }]);
        await Eventually.HoldsAsync(async () => (await bucket.GetStatisticsAsync()).PendingCount.Should().Be(0));

        await client.DeliverAsync(Node.CreateNotification("declined"));
        var call = grains.GetGrain<ICallGrain>("1101000001/A");
        (await call.WakeUpAsync(bucket: 300, generation: 1)).Should().BeNull();
        (await call.TryDeleteAsync(TimeProvider.System.GetUtcNow().AddDays(1))).Should().BeFalse("the call has a pending delivery");
    }

    [RedisFact]
    public async Task CallStorage_ExpiringProvider_HoldsOnlyCalls()
    {
        var cluster = new TestCluster(redis);
        await using var silo = await Node.StartAsync(
            services =>
            {
                cluster.AddSilo(services);
                cluster.AddExpiringStorage(services, TimeSpan.FromDays(7));
            },
            new(),
            calls => calls.UseOrleansInbox(options => options.StorageExpiresEntries = true));

        await silo.DeliverAsync(Node.CreateNotification("offer"));
        await silo.Intake.AcceptAsync("{ no json"u8.ToArray());

        var lifetimes = await cluster.GetEntryLifetimesAsync();
        lifetimes.Where(entry => entry.Key.Contains("incoming-calls.call")).Should().ContainSingle().Which.Value.Should().BeCloseTo(TimeSpan.FromDays(7), TimeSpan.FromMinutes(1));
        lifetimes.Where(entry => entry.Key.Contains("incoming-calls.") && !entry.Key.Contains("incoming-calls.call"))
            .Should().HaveCountGreaterThan(2).And.OnlyContain(entry => entry.Value == null);
    }
}
