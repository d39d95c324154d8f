using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Orleans.Tests.Storage;

/// <summary>The storage and the membership table of the cluster fail and recover.</summary>
public class StorageOutageTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [RedisFact]
    public async Task Accept_StorageDown_IsNotAcknowledgedUntilRecovery()
    {
        var cluster = new TestCluster(redis);
        var recorder = new EventRecorder();
        await using var node = await Node.StartAsync(
            services => cluster.AddSilo(services), recorder, calls => calls.Services.AddHealthChecks().AddIncomingCalls());
        await node.DeliverAsync(Node.CreateNotification("declined", "before"));

        await redis.KillAsync();
        var accept = async () => await node.Intake.AcceptAsync(Node.CreateNotification("declined", "during"));
        await accept.Should().ThrowAsync<CallInboxUnavailableException>();
        (await HealthAsync(node)).Should().Be(HealthStatus.Unhealthy);

        await redis.StartAsync();
        (await node.DeliverAsync(Node.CreateNotification("declined", "during"))).Outcome.Should().Be(IntakeOutcome.Stored);
        (await node.DeliverAsync(Node.CreateNotification("declined", "before"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
        await Eventually.HoldsAsync(() => recorder.Lines.Should().Equal("Missed before", "Missed during"));
        await Eventually.HoldsAsync(async () => (await HealthAsync(node)).Should().Be(HealthStatus.Healthy));
    }

    [RedisFact]
    public async Task Accept_StorageDownOnAnotherNode_ReasonCrossesTheWire()
    {
        var cluster = new TestCluster(redis);
        await using var silo = await Node.StartAsync(services => cluster.AddSilo(services), new());
        await using var client = await Node.StartAsync(cluster.AddClient, recorder: null);
        await client.DeliverAsync(Node.CreateNotification("offer", "before"));

        await redis.KillAsync();
        var reason = await client.Intake.Awaiting(intake => intake.AcceptAsync(Node.CreateNotification("declined", "before")).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();
        await redis.StartAsync();

        reason.Which.Message.Should().StartWith("The storage of the Orleans inbox cannot be used");
        await client.DeliverAsync(Node.CreateNotification("declined", "before"));
    }

    private static async Task<HealthStatus> HealthAsync(Node node) =>
        (await node.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;
}
