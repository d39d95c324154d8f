using System.Diagnostics;
using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.Inbox;

/// <summary>A client node, which accepts notifications and handles none.</summary>
public class ClusterClientTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [RedisFact]
    public async Task Accept_OnAClient_IsHandledOnTheSilo()
    {
        var cluster = new TestCluster(redis);
        var recorder = new EventRecorder();
        await using var silo = await Node.StartAsync(services => cluster.AddSilo(services), recorder, name: "silo");
        await using var client = await Node.StartAsync(cluster.AddClient, recorder: null);

        (await client.Intake.AcceptAsync(Node.CreateNotification("declined"))).Outcome.Should().Be(IntakeOutcome.Stored);
        (await client.Intake.AcceptAsync(Node.CreateNotification("declined"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
        (await client.Intake.AcceptAsync("{ no json"u8.ToArray())).Outcome.Should().Be(IntakeOutcome.Quarantined);

        await Eventually.HoldsAsync(() => recorder.Events.Select(received => received.Node).Should().Equal("silo"));
        (await client.Inbox.ListQuarantineAsync()).Should().ContainSingle();
    }

    [RedisFact]
    public async Task Accept_OnAClient_HandlerSpanContinuesTheReceiptTrace()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == IncomingCallsTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var cluster = new TestCluster(redis);
        Activity? handling = null;
        var recorder = new EventRecorder
        {
            BeforeRecording = (_, _, _) =>
            {
                handling = Activity.Current;
                return Task.CompletedTask;
            },
        };
        await using var silo = await Node.StartAsync(services => cluster.AddSilo(services), recorder);
        await using var client = await Node.StartAsync(cluster.AddClient, recorder: null);

        using var request = new Activity("request").Start();
        await client.Intake.AcceptAsync(Node.CreateNotification("declined"));
        await Eventually.HoldsAsync(() => recorder.Events.Should().ContainSingle());

        handling!.TraceId.Should().Be(request.TraceId);
    }

    [RedisFact]
    public async Task Accept_OtherNotification_IsHandledOnTheReceivingNode()
    {
        var cluster = new TestCluster(redis);
        var notes = new OtherNotificationRecorder();
        await using var silo = await Node.StartAsync(services => cluster.AddSilo(services), new());
        await using var client = await Node.StartAsync(cluster.AddClient, recorder: null, calls =>
        {
            calls.Services.AddSingleton(notes);
            calls.AddOtherNotificationHandler<RecordingOtherNotificationHandler>();
        });

        await client.Intake.AcceptAsync("""{"typeWebhook":"stateInstanceChanged","instanceData":{"idInstance":1101000001}}"""u8.ToArray());

        notes.Types.Should().Equal("stateInstanceChanged");
    }

    [RedisFact]
    public async Task Accept_NoSiloAvailable_IsNotAcknowledged()
    {
        var cluster = new TestCluster(redis);
        var silo = await Node.StartAsync(services => cluster.AddSilo(services), new());
        await using var client = await Node.StartAsync(cluster.AddClient, recorder: null);
        await silo.DisposeAsync();

        var accept = async () => await client.Intake.AcceptAsync(Node.CreateNotification("declined"));

        await accept.Should().ThrowAsync<CallInboxUnavailableException>();
    }

    private sealed class OtherNotificationRecorder
    {
        public List<string> Types { get; } = [];
    }

    private sealed class RecordingOtherNotificationHandler(OtherNotificationRecorder notes) : IOtherNotificationHandler
    {
        public ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken)
        {
            notes.Types.Add(notification.Type);
            return ValueTask.CompletedTask;
        }
    }
}
