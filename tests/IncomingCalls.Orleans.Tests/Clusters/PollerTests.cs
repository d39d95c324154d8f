using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace IncomingCalls.Orleans.Tests.Clusters;

/// <summary>Each instance is polled by one silo, whatever becomes of the silos.</summary>
public sealed class PollerTests(RedisServer redis) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private const int Instances = 40;

    private readonly Told _told = new();
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
    public async Task Start_TwoSilos_ShareTheInstancesAndHandleEachCallOnce()
    {
        var (first, second) = (await AddAsync("first"), await AddAsync("second"));
        await Eventually.HoldsAsync(() => Owned(second).Should().NotBeEmpty());
        await SharedAsync(first, second);
        Owned(first).Count.Should().BeInRange(Instances / 5, Instances * 4 / 5, "shares are about even");

        Ring("A");
        await _gateway.WaitUntilHandledAsync(TimeSpan.FromSeconds(30));

        await Eventually.HoldsAsync(() => _told.Events.Should().HaveCount(Instances));
        _gateway.Instances.SelectMany(instance => instance.History).Should().OnlyContain(sent => sent.Deliveries.Count == 1);
    }

    [RedisFact]
    public async Task Start_SiloJoins_TakesItsShareAndNoMore()
    {
        var first = await AddAsync("first");
        await SharedAsync(first);

        var second = await AddAsync("second");

        await Eventually.HoldsAsync(() => Owned(second).Should().NotBeEmpty());
        await SharedAsync(first, second);
        Owned(second).Count.Should().BeInRange(Instances / 5, Instances * 4 / 5);
        Ring("A");
        await _gateway.WaitUntilHandledAsync(TimeSpan.FromSeconds(30));
        await Eventually.HoldsAsync(() => _told.Events.Should().HaveCount(Instances));
    }

    [RedisTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_OneOfTwoSilos_TheOtherPollsAll(bool isGraceful)
    {
        var (first, second) = (await AddAsync("first"), await AddAsync("second"));
        await SharedAsync(first, second);

        await (isGraceful ? second.StopAsync() : second.DropAsync());
        Ring("A");
        await _gateway.WaitUntilHandledAsync(TimeSpan.FromSeconds(60));

        await SharedAsync(first);
        await Eventually.HoldsAsync(() => _told.Events.Select(heard => heard.Event.Id).Should().OnlyHaveUniqueItems().And.HaveCount(Instances));
    }

    [RedisFact]
    public async Task Start_Client_PollsNothing()
    {
        var silo = await AddAsync("silo");
        var client = await Node.StartAsync(_cluster.AddClient, told: null, Poll);
        _nodes.Add(client);

        await SharedAsync(silo);

        Owned(client).Should().BeEmpty();
    }

    [RedisFact]
    public async Task Start_SiloWithoutGreenApi_LeavesTheInstancesToTheOthers()
    {
        var first = await AddAsync("first");
        var other = await Node.StartAsync(services => _cluster.AddSilo(services), _told, name: "other");
        _nodes.Add(other);
        await Eventually.HoldsAsync(() => first.Logs.GetSnapshot().Should().Contain(entry => entry.Message.Contains("no GREEN-API client")));

        await SharedAsync(first);
        Ring("A");
        await _gateway.WaitUntilHandledAsync(TimeSpan.FromSeconds(30));
        await Eventually.HoldsAsync(() => _told.Events.Should().HaveCount(Instances));
    }

    private static List<long> Owned(Node node) => [.. node.Services.GetRequiredService<ClusterAssignment>().Owned];

    private void Ring(string id)
    {
        foreach (var instance in _gateway.Instances)
        {
            instance.PlaceCall(configure: call => call.IdMessage = id).Decline();
        }
    }

    private async Task<Node> AddAsync(string name)
    {
        var node = await Node.StartAsync(services => _cluster.AddSilo(services), _told, Poll, name);
        _nodes.Add(node);
        return node;
    }

    private void Poll(IIncomingCallsBuilder calls) => calls.AddGreenApi(options =>
    {
        options.FirstRetryDelay = TimeSpan.FromMilliseconds(100);
        options.Instances = [.. _gateway.Instances.Select(instance => new GreenApiInstanceOptions
        {
            IdInstance = instance.IdInstance,
            ApiTokenInstance = instance.ApiTokenInstance,
            ApiUrl = _gateway.ApiUrl.ToString(),
            Receive = ReceiveMode.Polling,
        })];
    });

    /// <summary>Every instance is owned, none twice, and each by the silo whose share it belongs to.</summary>
    private Task SharedAsync(params Node[] nodes) => Eventually.HoldsAsync(() =>
    {
        nodes.SelectMany(Owned).Should().BeEquivalentTo(_gateway.Instances.Select(instance => instance.IdInstance));
        foreach (var node in nodes)
        {
            Owned(node).Should().OnlyContain(idInstance => Holds(node, idInstance));
        }
    });

    private static bool Holds(Node node, long idInstance) =>
        node.Services.GetRequiredService<SiloShare>().Holds(node.Services.GetRequiredService<IGrainFactory>().GetGrain<IPollerGrain>(idInstance).GetGrainId());
}
