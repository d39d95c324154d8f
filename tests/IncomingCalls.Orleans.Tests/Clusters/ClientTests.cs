using System.Diagnostics;
using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.Clusters;

/// <summary>A node that receives and handles nothing.</summary>
public class ClientTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [RedisFact]
    public async Task Accept_OnAClient_IsHandledOnTheSilo()
    {
        var cluster = new TestCluster(redis);
        var told = new Told();
        await using var silo = await Node.StartAsync(services => cluster.AddSilo(services), told, name: "silo");
        await using var client = await Node.StartAsync(cluster.AddClient, told: null);

        (await client.Intake.AcceptAsync(Node.Call("declined"))).Outcome.Should().Be(IntakeOutcome.Stored);
        (await client.Intake.AcceptAsync(Node.Call("declined"))).Outcome.Should().Be(IntakeOutcome.Repeat);
        (await client.Intake.AcceptAsync("{ no json"u8.ToArray())).Outcome.Should().Be(IntakeOutcome.Quarantined);

        await Eventually.HoldsAsync(() => told.Events.Select(heard => heard.Node).Should().Equal("silo"));
        (await client.Inbox.ListQuarantineAsync()).Should().ContainSingle();
    }

    [RedisFact]
    public async Task Accept_OnAClient_TheHandlersSpanContinuesTheReceipt()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == IncomingCallsTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var cluster = new TestCluster(redis);
        Activity? handling = null;
        var told = new Told
        {
            First = (_, _, _) =>
            {
                handling = Activity.Current;
                return Task.CompletedTask;
            },
        };
        await using var silo = await Node.StartAsync(services => cluster.AddSilo(services), told);
        await using var client = await Node.StartAsync(cluster.AddClient, told: null);

        using var request = new Activity("request").Start();
        await client.Intake.AcceptAsync(Node.Call("declined"));
        await Eventually.HoldsAsync(() => told.Events.Should().ContainSingle());

        handling!.TraceId.Should().Be(request.TraceId);
    }

    [RedisFact]
    public async Task Accept_ForeignNotification_IsHandledWhereItCameIn()
    {
        var cluster = new TestCluster(redis);
        var notes = new ForeignNotes();
        await using var silo = await Node.StartAsync(services => cluster.AddSilo(services), new());
        await using var client = await Node.StartAsync(cluster.AddClient, told: null, calls =>
        {
            calls.Services.AddSingleton(notes);
            calls.AddForeignHandler<ForeignHandler>();
        });

        await client.Intake.AcceptAsync("""{"typeWebhook":"stateInstanceChanged","instanceData":{"idInstance":1101000001}}"""u8.ToArray());

        notes.Types.Should().Equal("stateInstanceChanged");
    }

    [RedisFact]
    public async Task Accept_NoSiloIsLeft_IsNotAcknowledged()
    {
        var cluster = new TestCluster(redis);
        var silo = await Node.StartAsync(services => cluster.AddSilo(services), new());
        await using var client = await Node.StartAsync(cluster.AddClient, told: null);
        await silo.DisposeAsync();

        var accept = async () => await client.Intake.AcceptAsync(Node.Call("declined"));

        await accept.Should().ThrowAsync<CallInboxUnavailableException>();
    }

    private sealed class ForeignNotes
    {
        public List<string> Types { get; } = [];
    }

    private sealed class ForeignHandler(ForeignNotes notes) : IForeignNotificationHandler
    {
        public ValueTask HandleAsync(ForeignNotification notification, CancellationToken cancellationToken)
        {
            notes.Types.Add(notification.Type);
            return ValueTask.CompletedTask;
        }
    }
}
