using System.Text;
using IncomingCalls.Orleans.Tests.Hosting;

namespace IncomingCalls.Orleans.Tests.State;

/// <summary>
/// States of all earlier versions can be read. The samples are the exact documents of each version: when a format changes, they remain and samples
/// of the new format are added.
/// </summary>
public class StoredStateCompatibilityTests
{
    private const string OwedCall1 = """
        {"i":1101000001,"m":"OLD","f":[{"k":"declined","e":4,"f":"70000000101@c.us","t":639185132870000000},{"k":"offer","e":1,"f":"70000000101@c.us","t":639185132850000000}],"a":true,"o":[{"i":"/Offered","k":1,"n":{"f":"70000000101@c.us","s":"offer","t":639185132850000000},"d":2,"l":1,"o":true,"c":true,"t":639185132850000000,"r":639185132859260549,"h":[{"n":"told","a":1,"t":639185168871009386,"e":"CallEventRetryException: The handler asked to be tried again later."}]},{"i":"/Missed","k":4,"n":{"f":"70000000101@c.us","s":"declined","t":639185132870000000},"d":2,"l":4,"c":true,"t":639185132870000000,"r":639185132870148493,"h":[{"n":"told","t":639185132870148493}]}],"t":639185132870148493,"b":188,"n":1}
        """;

    private const string WakeUpBucket = """{"calls":{"1101000001/OLD":{"ticket":1,"dueAt":"2026-07-01T14:34:45.9260549+00:00","owed":1,"since":"2026-07-01T14:34:45.9260549+00:00"}},"pages":[]}""";

    [Theory]
    [InlineData(1, OwedCall1)]
    public async Task Start_StateOfEveryVersion_ResumesPendingWork(int version, string owedCall)
    {
        var storage = new TestStorage
        {
            ["call", GrainId.Create("incoming-calls.call", "1101000001/OLD")] = CreateStoredState(version, owedCall),
            ["due", GrainId.Create("incoming-calls.due", "BC")] = CreateStoredState(version, WakeUpBucket),
        };
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

    [Fact]
    public async Task Accept_StateOfALaterVersion_IsNotOverwritten()
    {
        var call = GrainId.Create("incoming-calls.call", "1101000001/A");
        var storage = new TestStorage { ["call", call] = new() { Version = StoredState.CurrentVersion + 1, Document = [1, 2, 3] } };
        await using var node = await Node.StartAsync(services => SingleSiloCluster.Add(services, storage), new());

        var accept = async () => await node.Intake.AcceptAsync(Node.CreateNotification("declined"));

        await accept.Should().ThrowAsync<CallInboxUnavailableException>("a newer silo can take it, this one would spoil it");
        storage["call", call].Document.Should().Equal([1, 2, 3]);
    }

    private static StoredState CreateStoredState(int version, string document) => new() { Version = version, Document = Encoding.UTF8.GetBytes(document) };
}
