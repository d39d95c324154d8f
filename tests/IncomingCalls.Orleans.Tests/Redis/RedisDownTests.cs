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

    private static async Task<HealthStatus> HealthAsync(Node node) =>
        (await node.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;
}
