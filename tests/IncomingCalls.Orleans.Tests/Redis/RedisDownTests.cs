using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Orleans.Tests.Redis;

/// <summary>The storage dies and comes back, and with it the table of the cluster's members.</summary>
public class RedisDownTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [RedisFact]
    public async Task Accept_StorageIsDown_NothingIsAcknowledgedUntilItIsBack()
    {
        var cluster = new TestCluster(redis);
        var told = new Told();
        await using var node = await Node.StartAsync(
            services => cluster.AddSilo(services), told, calls => calls.Services.AddHealthChecks().AddIncomingCalls());
        await node.DeliverAsync(Node.Call("declined", "before"));

        await redis.KillAsync();
        var accept = async () => await node.Intake.AcceptAsync(Node.Call("declined", "during"));
        await accept.Should().ThrowAsync<CallInboxUnavailableException>();
        (await HealthAsync(node)).Should().Be(HealthStatus.Unhealthy);

        await redis.StartAsync();
        (await node.DeliverAsync(Node.Call("declined", "during"))).Outcome.Should().Be(IntakeOutcome.Stored);
        (await node.DeliverAsync(Node.Call("declined", "before"))).Outcome.Should().Be(IntakeOutcome.Repeat);
        await Eventually.HoldsAsync(() => told.Lines.Should().Equal("Missed before", "Missed during"));
        await Eventually.HoldsAsync(async () => (await HealthAsync(node)).Should().Be(HealthStatus.Healthy));
    }

    [RedisFact]
    public async Task Accept_StorageOfAnotherNodeIsDown_TheReasonCrossesTheWire()
    {
        var cluster = new TestCluster(redis);
        await using var silo = await Node.StartAsync(services => cluster.AddSilo(services), new());
        await using var client = await Node.StartAsync(cluster.AddClient, told: null);
        await client.DeliverAsync(Node.Call("offer", "before"));

        await redis.KillAsync();
        var reason = await client.Intake.Awaiting(intake => intake.AcceptAsync(Node.Call("declined", "before")).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();
        await redis.StartAsync();

        reason.Which.Message.Should().StartWith("The storage of the Orleans inbox cannot be used");
        await client.DeliverAsync(Node.Call("declined", "before"));
    }

    private static async Task<HealthStatus> HealthAsync(Node node) =>
        (await node.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;
}
