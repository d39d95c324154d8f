using System.Text;
using IncomingCalls.Orleans.Tests.Hosting;

namespace IncomingCalls.Orleans.Tests.State;

/// <summary>
/// Stored states can be read by later releases, and states of other versions are refused. The samples are the exact documents of version 2: when the
/// format changes, they remain and samples of the new format are added.
/// </summary>
public class StoredStateCompatibilityTests
{
    private const string PendingCall = """
        {"call":{"history":{"key":{"idInstance":1101000001,"idMessage":"OLD"},"firstReceivedAt":"2026-06-30T14:25:33.4362045+00:00","facts":[{"key":"declined","kind":"Missed","from":"70000000101@c.us","occurredAt":"2026-06-30T14:25:39+00:00"},{"key":"offer","kind":"Offered","from":"70000000101@c.us","occurredAt":"2026-06-30T14:25:33+00:00"}],"hasAlert":true},"pendingEvents":[{"event":{"id":"1101000001/OLD/Offered","call":{"idInstance":1101000001,"idMessage":"OLD"},"kind":"Offered","notification":{"from":"70000000101@c.us","typeWebhook":"incomingCall","instanceData":{"idInstance":1101000001,"wid":"70000000001@c.us","typeInstance":"whatsapp"},"status":"offer","timestamp":1782829533,"idMessage":"OLD"},"decision":{"kind":"Handle","label":"IncomingCall","alertOperator":true},"concernsAlert":true,"occurredAt":"2026-06-30T14:25:33+00:00","receivedAt":"2026-06-30T14:25:33.4362045+00:00"},"deliveries":[{"handlerName":"told","attempts":1,"dueAt":"2026-07-01T00:25:38.6209583+00:00","waitsFor":"Retry","lastError":"CallEventRetryException: The handler requested a retry after a delay."}]},{"event":{"id":"1101000001/OLD/Missed","call":{"idInstance":1101000001,"idMessage":"OLD"},"kind":"Missed","notification":{"from":"70000000101@c.us","typeWebhook":"incomingCall","instanceData":{"idInstance":1101000001,"wid":"70000000001@c.us","typeInstance":"whatsapp"},"status":"declined","timestamp":1782829539,"idMessage":"OLD"},"decision":{"kind":"Handle","label":"MissedCall","alertOperator":false},"concernsAlert":true,"occurredAt":"2026-06-30T14:25:39+00:00","receivedAt":"2026-06-30T14:25:39.178006+00:00"},"deliveries":[{"handlerName":"told","dueAt":"2026-06-30T14:25:39.178006+00:00"}]}],"touchedAt":"2026-06-30T14:25:39.178006+00:00"},"deadLetters":[],"bucket":188,"generation":1}
        """;

    private const string WakeUpBucket = """
        {"calls":{"1101000001/OLD":{"generation":1,"dueAt":"2026-06-30T14:25:33.4362045+00:00","pendingCount":1,"oldestPendingAt":"2026-06-30T14:25:33.4362045+00:00"}},"pages":[]}
        """;

    private static readonly GrainId Call = GrainId.Create("incoming-calls.call", "1101000001/OLD");
    private static readonly GrainId Bucket = GrainId.Create("incoming-calls.due", "BC");

    [Fact]
    public async Task Start_StateOfVersion2_ResumesPendingWork()
    {
        var storage = new TestStorage { ["call", Call] = CreateStoredState(2, PendingCall), ["due", Bucket] = CreateStoredState(2, WakeUpBucket) };
        var recorder = new EventRecorder();

        await using var node = await Node.StartAsync(services => SingleSiloCluster.Add(services, storage), recorder);
        await Eventually.HoldsAsync(() => recorder.Lines.Should().Equal("Offered OLD", "Missed OLD"));

        var offered = recorder.Events.First().Event;
        offered.Id.Should().Be("1101000001/OLD/Offered");
        offered.Attempt.Should().Be(2);
        offered.Decision.Should().Be(CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true));
        offered.Caller.ChatId.Should().Be(ChatId.Parse("70000000101@c.us"));
        (await node.Intake.AcceptAsync(Node.CreateNotification("declined", "OLD"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
    }

    [Theory]
    [InlineData(1, "drain the inbox with version 1 of IncomingCalls first, and then give the cluster an empty storage")]
    [InlineData(3, "Update IncomingCalls.Orleans on this silo")]
    public async Task Start_BucketOfAnotherVersion_FailsAndOverwritesNothing(int version, string instructions)
    {
        var storage = new TestStorage { ["due", Bucket] = new() { Version = version, Document = [1, 2, 3] } };

        var start = () => Node.StartAsync(services => SingleSiloCluster.Add(services, storage), new());

        (await start.Should().ThrowAsync<Exception>()).Which.ToString().Should().Contain($"a state of version {version}").And.Contain(instructions);
        storage["due", Bucket].Document.Should().Equal([1, 2, 3]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Accept_CallOfAnotherVersion_FailsAndOverwritesNothing(int version)
    {
        var storage = new TestStorage { ["call", Call] = new() { Version = version, Document = [1, 2, 3] } };
        await using var node = await Node.StartAsync(services => SingleSiloCluster.Add(services, storage), new());

        var accept = async () => await node.Intake.AcceptAsync(Node.CreateNotification("declined", "OLD"));

        (await accept.Should().ThrowAsync<CallInboxUnavailableException>()).WithInnerException<InvalidOperationException>().WithMessage($"*a state of version {version}*");
        storage["call", Call].Document.Should().Equal([1, 2, 3]);
    }

    private static StoredState CreateStoredState(int version, string document) => new() { Version = version, Document = Encoding.UTF8.GetBytes(document) };
}
