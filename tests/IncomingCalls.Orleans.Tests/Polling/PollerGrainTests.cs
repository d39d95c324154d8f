using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.Polling;
using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.Polling;

/// <summary>Each instance is polled by exactly one silo while silos start and stop.</summary>
public sealed class PollerGrainTests(RedisServer redis) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private const int Instances = 40;

    private readonly EventRecorder _recorder = new();
    private readonly List<Node> _nodes = [];
    private TestCluster _cluster = null!;
    private GreenApiSimulator _gateway = null!;

    public async Task InitializeAsync()
    {
        _cluster = new(redis);
        _gateway = await GreenApiSimulator.StartAsync(static options => options.ResendAfter = TimeSpan.FromSeconds(2));
        for (var i = 0; i < Instances; i++)
        {
            _gateway.AddInstance();
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _gateway.DisposeAsync();
    }

    [RedisFact]
    public async Task Start_TwoSilos_PartitionTheInstancesAndHandleEachCallOnce()
    {
        var (first, second) = (await AddSiloAsync("first"), await AddSiloAsync("second"));
        await Eventually.HoldsAsync(() => OwnedBy(second).Should().NotBeEmpty());
        await WaitUntilPartitionedAsync(first, second);
        OwnedBy(first).Count.Should().BeInRange(Instances / 5, Instances * 4 / 5, "partitions have about the same size");

        DeclineCalls("A");
        await _gateway.WaitUntilAcknowledgedAsync(TimeSpan.FromSeconds(30));

        await Eventually.HoldsAsync(() => _recorder.Events.Should().HaveCount(Instances));
        _gateway.Instances.SelectMany(instance => instance.History).Should().OnlyContain(sent => sent.Deliveries.Count == 1);
    }

    [RedisFact]
    public async Task Start_SiloJoins_AcquiresOnlyItsPartition()
    {
        var first = await AddSiloAsync("first");
        await WaitUntilPartitionedAsync(first);

        var second = await AddSiloAsync("second");

        await Eventually.HoldsAsync(() => OwnedBy(second).Should().NotBeEmpty());
        await WaitUntilPartitionedAsync(first, second);
        OwnedBy(second).Count.Should().BeInRange(Instances / 5, Instances * 4 / 5);
        DeclineCalls("A");
        await _gateway.WaitUntilAcknowledgedAsync(TimeSpan.FromSeconds(30));
        await Eventually.HoldsAsync(() => _recorder.Events.Should().HaveCount(Instances));
    }

    [RedisTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_OneOfTwoSilos_TheOtherPollsAll(bool isGraceful)
    {
        var (first, second) = (await AddSiloAsync("first"), await AddSiloAsync("second"));
        await WaitUntilPartitionedAsync(first, second);

        await (isGraceful ? second.StopAsync() : second.AbortAsync());
        DeclineCalls("A");
        await _gateway.WaitUntilAcknowledgedAsync(TimeSpan.FromSeconds(60));

        await WaitUntilPartitionedAsync(first);
        await Eventually.HoldsAsync(() => _recorder.Events.Select(received => received.Event.Id).Should().OnlyHaveUniqueItems().And.HaveCount(Instances));
    }

    [RedisFact]
    public async Task Start_Client_PollsNothing()
    {
        var silo = await AddSiloAsync("silo");
        var client = await Node.StartAsync(_cluster.AddClient, recorder: null, ConfigurePolling);
        _nodes.Add(client);

        await WaitUntilPartitionedAsync(silo);

        OwnedBy(client).Should().BeEmpty();
    }

    [RedisFact]
    public async Task Start_SiloWithoutGreenApi_LeavesTheInstancesToTheOthers()
    {
        var first = await AddSiloAsync("first");
        var other = await Node.StartAsync(services => _cluster.AddSilo(services), _recorder, name: "other");
        _nodes.Add(other);
        await Eventually.HoldsAsync(() => first.Logs.GetSnapshot().Should().Contain(entry => entry.Message.Contains("no GREEN-API client")));

        await WaitUntilPartitionedAsync(first);
        DeclineCalls("A");
        await _gateway.WaitUntilAcknowledgedAsync(TimeSpan.FromSeconds(30));
        await Eventually.HoldsAsync(() => _recorder.Events.Should().HaveCount(Instances));
    }

    private static List<long> OwnedBy(Node node) => [.. node.Services.GetRequiredService<ClusterInstanceOwnership>().OwnedInstances];

    private void DeclineCalls(string id)
    {
        foreach (var instance in _gateway.Instances)
        {
            instance.PlaceCall(configure: call => call.IdMessage = id).Decline();
        }
    }

    private async Task<Node> AddSiloAsync(string name)
    {
        var node = await Node.StartAsync(services => _cluster.AddSilo(services), _recorder, ConfigurePolling, name);
        _nodes.Add(node);
        return node;
    }

    private void ConfigurePolling(IIncomingCallsBuilder calls) => calls.AddGreenApi(options =>
    {
        options.InitialRetryDelay = TimeSpan.FromMilliseconds(100);
        options.Instances = [.. _gateway.Instances.Select(instance => new GreenApiInstanceOptions
        {
            IdInstance = instance.IdInstance,
            ApiTokenInstance = instance.ApiTokenInstance,
            ApiUrl = _gateway.ApiUrl.ToString(),
            Receive = ReceiveMode.Polling,
        })];
    });

    /// <summary>Waits until every instance is owned by exactly one silo, the one of its partition.</summary>
    private Task WaitUntilPartitionedAsync(params Node[] nodes) => Eventually.HoldsAsync(() =>
    {
        nodes.SelectMany(OwnedBy).Should().BeEquivalentTo(_gateway.Instances.Select(instance => instance.IdInstance));
        foreach (var node in nodes)
        {
            OwnedBy(node).Should().OnlyContain(idInstance => IsLocal(node, idInstance));
        }
    });

    private static bool IsLocal(Node node, long idInstance) =>
        node.Services.GetRequiredService<GrainPartitioner>().IsLocal(node.Services.GetRequiredService<IGrainFactory>().GetGrain<IPollerGrain>(idInstance).GetGrainId());
}
