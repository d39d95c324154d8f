using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using IncomingCalls.Orleans.WakeUps;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Tests.Cluster;

/// <summary>Silos that cannot replace each other are reported.</summary>
public class SiloCompatibilityCheckTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [RedisFact]
    public async Task Silos_WithDifferentHandlers_BothLogTheDifference()
    {
        var cluster = new TestCluster(redis);
        await using var old = await Node.StartAsync(services => cluster.AddSilo(services), new());
        await using var updated = await Node.StartAsync(services => cluster.AddSilo(services), new(), calls => calls.AddHandler<RecordingHandler>("second"));

        await Eventually.HoldsAsync(() => LoggedMessages(old, LogLevel.Warning).Should().ContainSingle().Which.Should().Contain("Handlers that only this silo has: none. Handlers that only the other silo has: second."));
        await Eventually.HoldsAsync(() => LoggedMessages(updated, LogLevel.Warning).Should().ContainSingle().Which.Should().Contain("Handlers that only this silo has: second. Handlers that only the other silo has: none."));
    }

    [RedisFact]
    public async Task Silo_WithoutTheInbox_IsLoggedByTheOthers()
    {
        var cluster = new TestCluster(redis);
        await using var node = await Node.StartAsync(services => cluster.AddSilo(services), new());
        var builder = Host.CreateEmptyApplicationBuilder(new());
        cluster.AddSilo(builder.Services);
        using var other = builder.Build();

        await other.StartAsync();

        await Eventually.HoldsAsync(() => LoggedMessages(node, LogLevel.Error).Should().ContainSingle().Which.Should().Contain("did not call UseOrleansInbox"));
        var share = node.Services.GetRequiredService<GrainPartitioner>();
        var grains = node.Services.GetRequiredService<IGrainFactory>();
        await Eventually.HoldsAsync(() => node.Services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Values
            .Count(member => member.Status == SiloStatus.Active).Should().Be(2));
        Enumerable.Range(0, WakeUpBuckets.Count).Should().OnlyContain(
            bucket => share.IsLocal(grains.GetGrain<IWakeUpBucketGrain>(bucket).GetGrainId()), "the other silo cannot own a bucket");
        await other.StopAsync();
    }

    [RedisFact]
    public async Task Silos_WithTheSameHandlers_LogNothing()
    {
        var cluster = new TestCluster(redis);
        await using var first = await Node.StartAsync(services => cluster.AddSilo(services), new());
        await using var second = await Node.StartAsync(services => cluster.AddSilo(services), new());

        // The warning about a third silo, which differs, shows that both silos have run the check.
        await using var third = await Node.StartAsync(services => cluster.AddSilo(services), new(), calls => calls.AddHandler<RecordingHandler>("second"));
        await Eventually.HoldsAsync(() => LoggedMessages(first, LogLevel.Warning).Should().NotBeEmpty());
        await Eventually.HoldsAsync(() => LoggedMessages(second, LogLevel.Warning).Should().NotBeEmpty());

        LoggedMessages(first, LogLevel.Warning).Concat(LoggedMessages(second, LogLevel.Warning)).Should().HaveCount(2).And.OnlyContain(message => message.Contains("Handlers that only the other silo has: second."));
    }

    private static string[] LoggedMessages(Node node, LogLevel level) =>
        [.. node.Logs.GetSnapshot().Where(entry => entry.Level == level && entry.Message.StartsWith("Silo ", StringComparison.Ordinal)).Select(entry => entry.Message)];
}
