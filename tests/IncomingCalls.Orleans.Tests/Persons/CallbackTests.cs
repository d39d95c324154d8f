using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace IncomingCalls.Orleans.Tests.Persons;

/// <summary>The callbacks of persons in a cluster: several nodes, writes that fail between the grains, and expiry.</summary>
public class CallbackTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly Person Client = new() { IdInstance = 1101000001, ChatId = ChatId.Parse("70000000101@c.us") };

    private readonly TestStorage _storage = new();
    private readonly EventRecorder _recorder = new();

    [RedisFact]
    public async Task Callbacks_OnSeveralNodesAtOnce_AreThoseOfTheCluster()
    {
        const int Calls = 20;
        var cluster = new TestCluster(redis);
        await using var first = await Node.StartAsync(services => cluster.AddSilo(services), _recorder, WantClosings);
        await using var second = await Node.StartAsync(services => cluster.AddSilo(services), _recorder, WantClosings, name: "B");
        await using var client = await Node.StartAsync(cluster.AddClient, recorder: null);
        Node[] nodes = [first, second, client];

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(call => nodes[call % 3].DeliverAsync(Node.CreateNotification("missed", $"{call}"))));

        var open = (await GetCallbacks(client).ListAsync(new() { IdInstance = 1101000001 })).Should().ContainSingle().Subject;
        open.Count.Should().Be(Calls);
        (await GetCallbacks(client).FindAsync(Client))!.Id.Should().Be(open.Id);
        (await GetCallbacks(client).CloseAsync(Client, "operator", DateTimeOffset.UtcNow, "chat")).Should().BeTrue();
        (await GetCallbacks(first).ListAsync()).Should().BeEmpty();
        await Eventually.HoldsAsync(() => Closings().Should().ContainSingle().Which.Callback!.Should().BeEquivalentTo(new { Count = Calls, By = "operator", Note = "chat" }));
    }

    [Theory]
    [InlineData("person")]
    [InlineData("callback-index")]
    public async Task Accept_WriteOfThePersonFails_IsAppliedWithTheRedelivery(string type)
    {
        await using var node = await StartAsync();
        _storage.BeforeWrite = grain => FailAsync(grain, type);
        var accept = async () => await node.Intake.AcceptAsync(Node.CreateNotification("missed"));
        await accept.Should().ThrowAsync<CallInboxUnavailableException>();

        _storage.BeforeWrite = static _ => Task.CompletedTask;
        (await node.Intake.AcceptAsync(Node.CreateNotification("missed"))).Outcome.Should().Be(IntakeOutcome.Duplicate);

        (await GetCallbacks(node).ListAsync()).Should().ContainSingle().Which.Count.Should().Be(1);
    }

    [Fact]
    public async Task Accept_EventOfTheClosingCannotBeStored_IsStoredOnceWithTheRedelivery()
    {
        await using var node = await StartAsync();
        await node.Intake.AcceptAsync(Node.CreateNotification("missed", "A"));
        _storage.BeforeWrite = static grain => grain.Key.ToString()!.Contains("callback/", StringComparison.Ordinal) ? throw new IOException("no") : Task.CompletedTask;
        var accept = async () => await node.Intake.AcceptAsync(Node.CreateNotification("pickUp", "B"));
        await accept.Should().ThrowAsync<CallInboxUnavailableException>();
        Closings().Should().BeEmpty();

        _storage.BeforeWrite = static _ => Task.CompletedTask;
        await node.Intake.AcceptAsync(Node.CreateNotification("pickUp", "B"));
        await node.Intake.AcceptAsync(Node.CreateNotification("pickUp", "B"));

        await Eventually.HoldsAsync(() => Closings().Should().ContainSingle());
        (await GetCallbacks(node).ListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Callback_TwoWeeksAfterItsCall_IsRemovedWhenItIsLookedFor()
    {
        var time = new ShiftedTimeProvider();
        await using var node = await StartAsync(time);
        await node.Intake.AcceptAsync(Node.CreateNotification("missed"));
        time.Shift = TimeSpan.FromDays(13);
        (await GetCallbacks(node).ListAsync()).Should().ContainSingle();

        time.Shift = TimeSpan.FromDays(15);

        (await GetCallbacks(node).ListAsync()).Should().BeEmpty();
        await Eventually.HoldsAsync(() => _storage.GrainsOf("person").Should().BeEmpty());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Accept_WithAProviderOfEntriesThatExpire_StoresPersonsThere(bool hasProvider)
    {
        var expiring = new TestStorage();
        await using var node = await StartAsync(services: services =>
        {
            if (hasProvider)
            {
                services.AddKeyedSingleton<IGrainStorage>(OrleansInboxStorage.HandlerValuesName, expiring);
            }
        });

        await node.Intake.AcceptAsync(Node.CreateNotification("missed"));

        (_storage.GrainsOf("person").Length, expiring.GrainsOf("person").Length).Should().Be(hasProvider ? (0, 1) : (1, 0));
        _storage.GrainsOf("callback-index").Should().ContainSingle("the index must not expire");
        _storage.GrainsOf("person").Concat(expiring.GrainsOf("person")).Single().Key.ToString().Should().Be(PersonHash.Of(Client).GrainKey).And.NotContain("7000000010");
    }

    private Task<Node> StartAsync(TimeProvider? time = null, Action<IServiceCollection>? services = null) => Node.StartAsync(
        all =>
        {
            all.AddSingleton(time ?? TimeProvider.System);
            SingleSiloCluster.Add(all, _storage);
            services?.Invoke(all);
        },
        _recorder,
        WantClosings);

    private CallEvent[] Closings() => [.. _recorder.Events.Select(static recorded => recorded.Event).Where(static callEvent => callEvent.Kind == CallEventKind.CallbackClosed)];

    private static void WantClosings(IIncomingCallsBuilder calls) =>
        calls.AddHandler<RecordingHandler>(static handler => (handler.Name, handler.Kinds) = ("closings", [CallEventKind.CallbackClosed]));

    private static ICallbacks GetCallbacks(Node node) => node.Services.GetRequiredService<ICallbacks>();

    private static Task FailAsync(GrainId grain, string type) => TestStorage.IsOfType(grain, type) ? throw new IOException("no") : Task.CompletedTask;
}
