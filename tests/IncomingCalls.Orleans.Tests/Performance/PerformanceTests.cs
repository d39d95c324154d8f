using System.Collections.Concurrent;
using System.Net;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;
using Xunit.Abstractions;

namespace IncomingCalls.Orleans.Tests.Performance;

/// <summary>
/// Checks the figures of docs/orleans.md, and prints them:
/// <c>dotnet test tests/IncomingCalls.Orleans.Tests --filter PerformanceTests --logger "console;verbosity=detailed"</c>.
/// </summary>
public class PerformanceTests(RedisServer redis, ITestOutputHelper output) : IClassFixture<RedisServer>
{
    private const string Redis = "redis";
    private const int Calls = 2_000;

    [RedisTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Accept_OfferAndOutcome_WritesTheCallTwicePerNotification(int silos)
    {
        var recorder = new EventRecorder();
        ConcurrentDictionary<string, int> writes = [];
        await using var nodes = new RoundRobinNodes();
        var cluster = new TestCluster(redis);
        for (var silo = 0; silo < silos; silo++)
        {
            await nodes.AddAsync(Node.StartAsync(services => AddSilo(services, cluster, writes), recorder));
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        await DeliverAsync(nodes, "offer");
        await Eventually.HoldsAsync(() => recorder.Events.Should().HaveCount(Calls));
        var after = GC.GetTotalMemory(forceFullCollection: true);
        await DeliverAsync(nodes, "pickUp");
        await Eventually.HoldsAsync(() => recorder.Events.Should().HaveCount(2 * Calls));
        // A silo completes its running writes when it stops.
        await nodes.DisposeAsync();

        output.WriteLine($"silos: {silos}");
        output.WriteLine($"writes of the call per notification: {PerNotification("call"):F2}");
        output.WriteLine($"writes of buckets per notification: {PerNotification("due"):F2}");
        output.WriteLine($"bytes in memory per active call: {(after - before) / Calls}");
        PerNotification("call").Should().BeLessThan(2.5, "only writes that a slow storage did not answer are repeated");
        PerNotification("due").Should().BeLessThan(1, "simultaneous calls are added to a bucket in one write");

        double PerNotification(string type) => writes.GetValueOrDefault($"incoming-calls.{type}") / (2.0 * Calls);
    }

    [Theory]
    [InlineData(10_000, 3)]
    [InlineData(100_000, 10)]
    public void OwnerOf_ManyInstances_PartitionsEvenly(int instances, int silos)
    {
        SiloAddress[] addresses = [.. Enumerable.Range(1, silos).Select(silo => SiloAddress.New(new IPEndPoint(IPAddress.Parse($"10.0.0.{silo}"), 11111), silo))];

        var shares = Enumerable.Range(0, instances)
            .Select(instance => GrainPartitioner.OwnerOf(GrainId.Create(GrainType.Create("incoming-calls.poller"), GrainIdKeyExtensions.CreateIntegerKey(1101000000 + instance)), addresses))
            .CountBy(silo => silo)
            .Select(share => share.Value)
            .Order()
            .ToArray();

        output.WriteLine($"pollers per silo, {instances} instances on {silos} silos: {shares[0]} to {shares[^1]}");
        shares.Should().HaveCount(silos).And.OnlyContain(share => share > 0.9 * instances / silos && share < 1.1 * instances / silos);
    }

    private static Task DeliverAsync(RoundRobinNodes nodes, string status) => Parallel.ForEachAsync(
        Enumerable.Range(0, Calls),
        new ParallelOptions { MaxDegreeOfParallelism = 128 },
        async (call, _) => await nodes[call].DeliverAsync(Node.CreateNotification(status, $"call-{call}")));

    private void AddSilo(IServiceCollection services, TestCluster cluster, ConcurrentDictionary<string, int> writes)
    {
        cluster.AddSilo(services, hasStorage: false);
        services.AddOrleans(silo => silo.AddRedisGrainStorage(Redis, options => options.ConfigurationOptions = redis.Options));
        services.AddKeyedSingleton<IGrainStorage>(
            OrleansInboxStorage.Name, (provider, _) => new CountingStorage(provider.GetRequiredKeyedService<IGrainStorage>(Redis), writes));
    }
}

/// <summary>Counts the writes to another storage.</summary>
internal sealed class CountingStorage(IGrainStorage inner, ConcurrentDictionary<string, int> writes) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        writes.AddOrUpdate(grainId.Type.ToString()!, 1, static (_, count) => count + 1);
        return inner.WriteStateAsync(stateName, grainId, grainState);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
}

/// <summary>The nodes of a test, which are used in turn.</summary>
internal sealed class RoundRobinNodes : IAsyncDisposable
{
    private readonly List<Node> _nodes = [];

    /// <summary>Gets the next node.</summary>
    public Node this[int turn] => _nodes[turn % _nodes.Count];

    public async Task AddAsync(Task<Node> node) => _nodes.Add(await node);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _nodes.Clear();
    }
}
