using System.Diagnostics;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.Callers;

/// <summary>GREEN-API allows one GetContactInfo request per second and instance, independent of the number of silos.</summary>
public class CallerNamesGrainTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [RedisFact]
    public async Task Resolve_OnTwoSilosConcurrently_RespectsTheRateLimitOfTheInstance()
    {
        const int Callers = 4;
        await using var gateway = await GreenApiSimulator.StartAsync();
        var instance = gateway.AddInstance();
        for (var i = 0; i < Callers; i++)
        {
            instance.Contacts[ChatIdOf(i)] = new() { ContactName = $"Caller {i}" };
        }

        var cluster = new TestCluster(redis);
        await using var first = await Node.StartAsync(services => cluster.AddSilo(services), new(), Ask);
        await using var second = await Node.StartAsync(services => cluster.AddSilo(services), new(), Ask);
        var started = Stopwatch.GetTimestamp();

        var names = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => (i % 2 == 0 ? first : second).Services
            .GetRequiredService<IFallbackCallerNameResolver>()
            .ResolveAsync(new() { IdInstance = instance.IdInstance, ChatId = ChatId.Parse(ChatIdOf(i)) }, default).AsTask()));

        names.Select(name => name?.Name).Should().Equal(Enumerable.Range(0, Callers).Select(i => $"Caller {i}"), "a superfluous request would have been rejected by the rate limit");
        instance.Requests["getContactInfo"].Should().Be(Callers);
        Stopwatch.GetElapsedTime(started).Should().BeGreaterThan(TimeSpan.FromSeconds(Callers - 1));

        void Ask(IIncomingCallsBuilder calls) => calls.AddGreenApi(options => options.Instances =
        [
            new()
            {
                IdInstance = instance.IdInstance,
                ApiTokenInstance = instance.ApiTokenInstance,
                ApiUrl = gateway.ApiUrl.ToString(),
                Receive = ReceiveMode.Webhook,
            },
        ]);
    }

    [RedisFact]
    public async Task Resolve_SameCallerOnTwoSilosConcurrently_SendsOneRequest()
    {
        await using var gateway = await GreenApiSimulator.StartAsync();
        var instance = gateway.AddInstance();
        instance.Contacts[ChatIdOf(0)] = new() { ContactName = "Caller" };
        gateway.DelayNext("getContactInfo", TimeSpan.FromSeconds(1));
        var cluster = new TestCluster(redis);
        await using var first = await Node.StartAsync(services => cluster.AddSilo(services), new(), Ask);
        await using var second = await Node.StartAsync(services => cluster.AddSilo(services), new(), Ask);

        var names = await Task.WhenAll(new[] { first, second }.Select(node => node.Services
            .GetRequiredService<IFallbackCallerNameResolver>()
            .ResolveAsync(new() { IdInstance = instance.IdInstance, ChatId = ChatId.Parse(ChatIdOf(0)) }, default).AsTask()));

        names.Select(name => name?.Name).Should().Equal("Caller", "Caller");
        instance.Requests["getContactInfo"].Should().Be(1);

        void Ask(IIncomingCallsBuilder calls) => calls.AddGreenApi(options => options.Instances =
        [
            new() { IdInstance = instance.IdInstance, ApiTokenInstance = instance.ApiTokenInstance, ApiUrl = gateway.ApiUrl.ToString(), Receive = ReceiveMode.Webhook },
        ]);
    }

    [RedisFact]
    public async Task ResolveNumber_OnTwoSilos_SharesTheBudgetOfTheInstance()
    {
        await using var gateway = await GreenApiSimulator.StartAsync();
        var instance = gateway.AddInstance();
        var linkedIds = Enumerable.Range(0, 3).Select(i => ChatId.Parse(instance.LidOf(ChatIdOf(i)))).ToArray();
        var cluster = new TestCluster(redis);
        await using var first = await Node.StartAsync(services => cluster.AddSilo(services), new(), Ask);
        await using var second = await Node.StartAsync(services => cluster.AddSilo(services), new(), Ask);

        (await ResolveAsync(first, linkedIds[0]))!.PhoneNumber.Should().Be("+70000000100");
        (await ResolveAsync(second, linkedIds[1]))!.Should().BeEquivalentTo(new { PhoneNumber = "+70000000101", CacheDuration = TimeSpan.FromDays(1) });
        foreach (var node in new[] { first, second })
        {
            await node.Awaiting(other => ResolveAsync(other, linkedIds[2])).Should().ThrowAsync<CallerNameUnavailableException>();
        }

        instance.Requests["checkWhatsapp"].Should().Be(2);

        Task<CallerNumber?> ResolveAsync(Node node, ChatId linkedId) => node.Services.GetRequiredService<IFallbackCallerNameResolver>()
            .ResolveNumberAsync(new() { IdInstance = instance.IdInstance, ChatId = linkedId }, default).AsTask();

        void Ask(IIncomingCallsBuilder calls) => calls.AddGreenApi(options =>
        {
            options.LinkedIdLookupsPerMonth = 2;
            options.Instances =
            [
                new() { IdInstance = instance.IdInstance, ApiTokenInstance = instance.ApiTokenInstance, ApiUrl = gateway.ApiUrl.ToString(), Receive = ReceiveMode.Webhook },
            ];
        });
    }

    [RedisFact]
    public async Task Resolve_NameUnavailable_ExceptionCrossesTheWire()
    {
        await using var gateway = await GreenApiSimulator.StartAsync();
        var instance = gateway.AddInstance();
        gateway.FailNext("getContactInfo", 429);
        var cluster = new TestCluster(redis);
        await using var first = await Node.StartAsync(services => cluster.AddSilo(services), new(), Ask);
        await using var second = await Node.StartAsync(services => cluster.AddSilo(services), new(), Ask);

        foreach (var node in new[] { first, second })
        {
            var asking = () => node.Services.GetRequiredService<IFallbackCallerNameResolver>()
                .ResolveAsync(new() { IdInstance = instance.IdInstance, ChatId = ChatId.Parse(ChatIdOf(0)) }, default).AsTask();

            await asking.Should().ThrowAsync<CallerNameUnavailableException>();
        }

        void Ask(IIncomingCallsBuilder calls) => calls.AddGreenApi(options => options.Instances =
        [
            new() { IdInstance = instance.IdInstance, ApiTokenInstance = instance.ApiTokenInstance, ApiUrl = gateway.ApiUrl.ToString(), Receive = ReceiveMode.Webhook },
        ]);
    }

    [RedisFact]
    public async Task Resolve_OtherSiloHasNoGreenApi_ResolvesForEveryInstance()
    {
        await using var gateway = await GreenApiSimulator.StartAsync();
        var instances = Enumerable.Range(0, 8).Select(_ => gateway.AddInstance()).ToArray();
        Array.ForEach(instances, instance => instance.Contacts[ChatIdOf(0)] = new() { ContactName = "Caller" });
        var cluster = new TestCluster(redis);
        await using var first = await Node.StartAsync(services => cluster.AddSilo(services), new(), Ask);
        await using var other = await Node.StartAsync(services => cluster.AddSilo(services), new());
        await Eventually.HoldsAsync(() => first.Logs.GetSnapshot().Should().Contain(entry => entry.Message.Contains("no GREEN-API client")));

        var names = await Task.WhenAll(instances.Select(instance => first.Services
            .GetRequiredService<IFallbackCallerNameResolver>()
            .ResolveAsync(new() { IdInstance = instance.IdInstance, ChatId = ChatId.Parse(ChatIdOf(0)) }, default).AsTask()));

        names.Should().OnlyContain(name => name != null && name.Name == "Caller");

        void Ask(IIncomingCallsBuilder calls) => calls.AddGreenApi(options => options.Instances =
        [
            .. instances.Select(instance => new GreenApiInstanceOptions
            {
                IdInstance = instance.IdInstance, ApiTokenInstance = instance.ApiTokenInstance, ApiUrl = gateway.ApiUrl.ToString(), Receive = ReceiveMode.Webhook,
            }),
        ]);
    }

    private static string ChatIdOf(int caller) => $"7000000010{caller}@c.us";
}
