using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace IncomingCalls.Orleans.Tests.StoredItems;

/// <summary>The values of handlers are those of the cluster.</summary>
public class HandlerValuesTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1790000000);

    [RedisFact]
    public async Task TryReserve_OnTwoSilosAtOnce_SucceedsOnce()
    {
        const int Calls = 12;
        var cluster = new TestCluster(redis);
        var counter = new ReservationCounter();
        void AddHandler(IIncomingCallsBuilder calls)
        {
            calls.Services.AddSingleton(counter);
            calls.AddHandler<ReservingHandler>("report");
        }

        await using var first = await Node.StartAsync(services => cluster.AddSilo(services), recorder: null, AddHandler);
        await using var second = await Node.StartAsync(services => cluster.AddSilo(services), recorder: null, AddHandler, name: "B");

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(call => (call % 2 == 0 ? first : second).DeliverAsync(Node.CreateNotification("declined", $"{call}"))));

        await Eventually.HoldsAsync(() => counter.Attempts.Should().Be(Calls));
        counter.Reserved.Should().Be(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryReserve_WithAProviderForValues_StoresThemThereOnly(bool hasProvider)
    {
        TestStorage common = new(), values = new();
        var counter = new ReservationCounter();
        await using var node = await Node.StartAsync(
            services =>
            {
                SingleSiloCluster.Add(services, common);
                if (hasProvider)
                {
                    services.AddKeyedSingleton<IGrainStorage>(OrleansInboxStorage.HandlerValuesName, values);
                }
            },
            recorder: null,
            calls =>
            {
                calls.Services.AddSingleton(counter);
                calls.AddHandler<ReservingHandler>("report");
            });

        await node.DeliverAsync(Node.CreateNotification("declined"));

        await Eventually.HoldsAsync(() => counter.Reserved.Should().Be(1));
        (common.GrainsOf("handler-values").Length, values.GrainsOf("handler-values").Length).Should().Be(hasProvider ? (0, 1) : (1, 0));
        values.GrainsOf("call").Should().BeEmpty();
    }

    [Fact]
    public void ToGrainKey_KeysDiffer_AreDifferent()
    {
        var call = new Call { Key = new(1101000001, "A") };
        var person = Person.Of(ChatId.Parse("70000000101@c.us"), 1101000001, "acme")!;
        HandlerValueLocation[] locations =
        [
            HandlerValueLocation.Of("crm", HandlerKey.Call(call)),
            HandlerValueLocation.Of("crm2", HandlerKey.Call(call)),
            HandlerValueLocation.Of("crm", HandlerKey.Call(call with { Key = new(1101000002, "A") })),
            HandlerValueLocation.Of("crm", HandlerKey.Person(person)),
            HandlerValueLocation.Of("crm", HandlerKey.Person(Person.Of(person.ChatId, 1101000001, null)!)),
            HandlerValueLocation.Of("crm", HandlerKey.Named("A")),
        ];

        locations.Select(location => location.ToGrainKey()).Should().OnlyHaveUniqueItems().And.OnlyContain(key => key.Length == 66);
        HandlerValueLocation.Of("crm", call.Key).Should().Be(locations[0], "a replay renews what the handler has saved for the call");
        HandlerValueLocation.Of("crm", HandlerKey.Call(call, "task")).Should().Be(locations[0], "the values of a call are in one grain");
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void With_AnotherValueHasExpired_RetainsItForTheDeadLettersOfACallOnly(bool isOfACall, int count)
    {
        var key = isOfACall ? HandlerKey.Call(new() { Key = new(1101000001, "A") }) : HandlerKey.Named("A");
        var location = HandlerValueLocation.Of("crm", key);

        var state = new HandlerValuesState().With(location, "old", new() { Value = "1", ExpiresAt = Now }, Now.AddDays(-1)).With(location, "new", new() { Value = "2", ExpiresAt = Now.AddDays(1) }, Now);

        state.Values.Should().HaveCount(count);
        state.Find("old", Now).Should().BeNull();
        state.Renew(Now.AddHours(-1), Now.AddDays(45)).Find("old", Now)?.Value.Should().Be("1");
        state.Renew(Now, Now.AddDays(45)).Find("old", Now).Should().BeNull();
    }

    private sealed class ReservationCounter
    {
        private int _attempts;
        private int _reserved;

        public int Attempts => _attempts;

        public int Reserved => _reserved;

        public void Add(bool isReserved)
        {
            if (isReserved)
            {
                Interlocked.Increment(ref _reserved);
            }

            Interlocked.Increment(ref _attempts);
        }
    }

    private sealed class ReservingHandler(ICallHandlerStore store, ReservationCounter counter) : ICallEventHandler
    {
        public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) =>
            counter.Add(await store.TryReserveAsync(HandlerKey.Named("report"), TimeProvider.System.GetUtcNow().AddHours(1), cancellationToken));
    }
}
