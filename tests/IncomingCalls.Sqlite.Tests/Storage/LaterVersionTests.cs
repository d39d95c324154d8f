using System.Text.Json;
using System.Text.Json.Nodes;
using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Sqlite.Tests.Storage;

/// <summary>What a later version has written is still there after this version has read, changed and written it again.</summary>
public class LaterVersionTests
{
    private const string Event =
        """
        {"id":"1101000001/A/Offered","call":{"idInstance":1101000001,"idMessage":"A","later":1},"kind":"Offered","notification":{"from":"70000000101@c.us","typeWebhook":"incomingCall","instanceData":{"idInstance":1101000001,"later":2},"status":"offer","timestamp":1790000000,"idMessage":"A","later":{"deep":[3]}},"decision":{"kind":"Handle","label":"IncomingCall","alertOperator":false,"later":4},"concernsAlert":false,"occurredAt":"2026-09-21T14:13:20+00:00","receivedAt":"2026-09-21T14:13:20+00:00","later":5}
        """;

    private const string Call =
        $$$"""
        {"history":{"key":{"idInstance":1101000001,"idMessage":"A"},"firstReceivedAt":"2026-09-21T14:13:20+00:00","facts":[{"key":"offer","kind":"Offered","from":"70000000101@c.us","occurredAt":"2026-09-21T14:13:20+00:00","later":6}],"hasAlert":false,"later":7},
         "pendingEvents":[{"event":{{{Event}}},"deliveries":[{"handlerName":"recorder","dueAt":"2026-09-21T14:13:20+00:00","later":{"deep":8}},{"handlerName":"other","dueAt":"2026-09-21T14:13:20+00:00","later":9}],"later":[10]}],
         "touchedAt":"2026-09-21T14:13:20+00:00","later":"eleven"}
        """;

    [Fact]
    public async Task Settle_CallWithUnknownMembers_PreservesThemAtEveryLevel()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        var transitions = host.Services.GetRequiredService<CallTransitions>();
        var call = Deserialize<CallState>(Call);

        var failed = transitions.Settle(call, Report(call, AttemptOutcome.Failed)).State;

        var delivery = failed.PendingEvents[0].Deliveries[0];
        var expected = JsonNode.Parse(Call)!;
        var expectedDelivery = expected["pendingEvents"]![0]!["deliveries"]![0]!;
        expectedDelivery["attempts"] = 1;
        expectedDelivery["waitsFor"] = nameof(DeliveryWait.Retry);
        expectedDelivery["dueAt"] = JsonValue.Create(delivery.DueAt);
        expectedDelivery["lastError"] = "Why.";
        ShouldBeEqual(failed, expected);
    }

    [Fact]
    public async Task Accept_CallWithUnknownMembers_PreservesThemAtEveryLevel()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        var transitions = host.Services.GetRequiredService<CallTransitions>();

        var answered = transitions.Accept(Deserialize<CallState>(Call), new() { Notification = SqliteHost.CreateCall("pickUp"), Decision = CallDecision.Handle(), ReceivedAt = SqliteHost.Now }).State;

        var expected = JsonNode.Parse(Call)!;
        var actual = Serialize(answered);
        JsonNode.DeepEquals(actual["pendingEvents"]![0], expected["pendingEvents"]![0]).Should().BeTrue("the pending event was {0}", actual["pendingEvents"]![0]);
        JsonNode.DeepEquals(actual["history"]!["facts"]![0], expected["history"]!["facts"]![0]).Should().BeTrue("the facts were {0}", actual["history"]);
        actual["history"]!["later"]!.GetValue<int>().Should().Be(7);
        actual["later"]!.GetValue<string>().Should().Be("eleven");
        answered.PendingEvents.Should().HaveCount(2);
    }

    [Fact]
    public async Task Replay_DeadLetterWithUnknownMembers_PreservesThoseOfItsEvent()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        var transitions = host.Services.GetRequiredService<CallTransitions>();
        const string json = $$$"""{"event":{{{Event}}},"handler":"recorder","attempts":7,"error":"TimeoutException: Too slow.","failedAt":"2026-09-21T14:13:20+00:00","later":12}""";
        var letter = Deserialize<DeadLetterEntry>(json);

        var replayed = transitions.Replay(null, letter).State;

        ShouldBeEqual(letter, JsonNode.Parse(json)!);
        ShouldBeEqual(replayed.PendingEvents[0].Event, JsonNode.Parse(Event)!);
    }

    [Fact]
    public void Read_EnumerationsWithUnknownValues_AreReadAsTheFirstValue()
    {
        var json = Call.Replace("\"Handle\"", "\"Postpone\"").Replace("\"IncomingCall\"", "\"FaxCall\"").Replace("\"Offered\"", "\"Conference\"")
            .Replace("\"handlerName\":\"recorder\",", "\"handlerName\":\"recorder\",\"waitsFor\":\"Approval\",");

        var call = Deserialize<CallState>(json);

        call.History.Facts[0].Kind.Should().Be(CallEventKind.Unrecognized);
        call.PendingEvents[0].Event.Should().BeEquivalentTo(new { Kind = CallEventKind.Unrecognized, Decision = new { Kind = CallDecisionKind.Discard, Label = CallLabel.None } });
        call.PendingEvents[0].Deliveries[0].WaitsFor.Should().Be(DeliveryWait.None);
        Serialize(call)["pendingEvents"]![0]!["event"]!["kind"]!.GetValue<string>().Should().Be("Conference", "an event is written as it was read");
    }

    [Fact]
    public async Task File_RowsWithUnknownMembers_PreservesThem()
    {
        using var folder = new InboxFolder();
        await using (var host = await SqliteHost.StartAsync(folder.Path))
        {
            host.Recorder.BeforeRecording = static (_, _) => throw new CallEventRetryException(TimeSpan.FromMinutes(1));
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"));
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM lanes WHERE waits_for = 1") == 1);
        }

        folder.Execute("UPDATE calls SET facts = CAST(json_set(facts, '$.later', 1, '$.f[0].later', 2) AS BLOB)").Should().Be(1);
        folder.Execute(
            "UPDATE work SET state = CAST(json_set(state, '$.later', 3, '$.pendingEvents[0].later', 4, '$.pendingEvents[0].event.notification.later', 5, '$.pendingEvents[0].deliveries[0].later', 6) AS BLOB)").Should().Be(1);

        await using (var host = await SqliteHost.StartAsync(folder.Path))
        {
            host.Recorder.BeforeRecording = static (_, _) => throw new CallEventRetryException(TimeSpan.FromMinutes(1));
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("pickUp"));
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM work WHERE state ->> '$.pendingEvents[0].deliveries[0].attempts' = 2") == 1);
        }

        Query(folder.Path, "SELECT json_array(facts -> '$.later', facts -> '$.f[0].later', json_array_length(facts, '$.f')) FROM calls").Should().Be("[1,2,2]");
        Query(
            folder.Path,
            "SELECT json_array(state -> '$.later', state -> '$.pendingEvents[0].later', state -> '$.pendingEvents[0].event.notification.later', state -> '$.pendingEvents[0].deliveries[0].later') FROM work")
            .Should().Be("[3,4,5,6]");
    }

    private static T Deserialize<T>(string json) => JsonSerializer.Deserialize<T>(json, IncomingCallsJson.DefaultOptions)!;

    private static JsonNode Serialize<T>(T value) => JsonSerializer.SerializeToNode(value, IncomingCallsJson.DefaultOptions)!;

    private static void ShouldBeEqual<T>(T value, JsonNode expected)
    {
        var actual = Serialize(value);
        JsonNode.DeepEquals(actual, expected).Should().BeTrue("the JSON should be {0}, but it is {1}", expected, actual);
    }

    private static AttemptReport Report(CallState call, AttemptOutcome outcome) => new()
    {
        Attempt = new() { PendingEvent = call.PendingEvents[0], Delivery = call.PendingEvents[0].Deliveries[0] },
        Outcome = outcome,
        Error = "Why.",
    };

    private static string Query(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }
}
