using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.PostgreSql.Tests;

[Collection(PostgresCollectionDefinition.Name)]
public class AdministrationTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task Purge_FilterWithMatchesOnSeveralPages_PurgesAllOfThem()
    {
        var schema = postgres.NextSchema();
        await using var node = await TestNode.StartAsync(postgres, schema);
        await TestNode.ExecuteAsync(
            postgres,
            $"""
            INSERT INTO {schema}.quarantine (reason, explanation, received_at, sha256, bytes)
            SELECT CASE i % 2 WHEN 0 THEN 'Truncated' ELSE 'NotUnderstood' END, '', now(), '', '' FROM generate_series(1, 2500) AS i
            """);

        (await node.Administration.ListQuarantineAsync(limit: 1000, after: 1900, new() { ErrorContains = "truncated" })).Should().HaveCount(300);
        (await node.Administration.PurgeQuarantineAsync(new() { ErrorContains = "truncated" })).Should().Be(1250);

        (await TestNode.QueryNumberAsync(postgres, $"SELECT count(*) FROM {schema}.quarantine WHERE reason = 'NotUnderstood'")).Should().Be(1250);
    }

    [PostgresFact]
    public async Task Purge_UnreadableDeadLetter_IsPossibleByWhatItsRowSays()
    {
        var schema = postgres.NextSchema();
        await using var node = await StartWithDeadLetterAsync(schema);
        await TestNode.ExecuteAsync(postgres, $"UPDATE {schema}.dead_letters SET letter = '{{}} '");

        (await node.Administration.ListDeadLettersAsync(filter: new() { ErrorContains = "cannot be read" })).Should().ContainSingle().Which.Handler.Should().Be("crm");
        (await node.Administration.PurgeDeadLettersAsync(new InboxFilter { IdInstance = 1101000001, Handler = "crm" })).Should().Be(1);
    }

    [PostgresFact]
    public async Task Action_LogCannotBeWritten_ChangesNothing()
    {
        var schema = postgres.NextSchema();
        await using var node = await StartWithDeadLetterAsync(schema);
        await TestNode.ExecuteAsync(postgres, $"ALTER TABLE {schema}.administration_log ADD CONSTRAINT none CHECK (count < 0)");

        var purging = async () => await node.Administration.PurgeDeadLettersAsync(performedBy: "operator");

        (await purging.Should().ThrowAsync<CallInboxUnavailableException>()).WithMessage("The inbox in the schema * cannot be used (SQLSTATE 23514). Look for the error in the log of the server.");
        (await node.Administration.ListDeadLettersAsync()).Should().ContainSingle("the action and its entry are one transaction");
    }

    /// <summary>A node that does not know the instance refuses its notification.</summary>
    [PostgresFact]
    public async Task Replay_NotificationIsRefused_StaysInTheQuarantine()
    {
        var schema = postgres.NextSchema();
        await using var node = await TestNode.StartAsync(postgres, schema, handlers: static calls => calls.AddHandler<RecordingHandler>("crm").AddInstances<TestInstances>());
        const string OfAnotherInstance = """{"typeWebhook":"incomingCall","idMessage":"A","from":"10000001@c.us","status":"declined","timestamp":1790000000,"instanceData":{"idInstance":1101000002}}""";
        await TestNode.ExecuteAsync(
            postgres,
            $"INSERT INTO {schema}.quarantine (reason, explanation, received_at, sha256, bytes) VALUES ('NotUnderstood', 'A notification.', now(), 'x', convert_to('{OfAnotherInstance}', 'UTF8'))");

        (await node.Administration.ReplayQuarantineAsync()).Should().Be(1);

        await Eventually.HoldsAsync(async () => (await node.Administration.ListQuarantineAsync()).Should().ContainSingle().Which.IsReplayRequested.Should().BeFalse());
        node.Recorder.Events.Should().BeEmpty();
    }

    [PostgresFact]
    public async Task Action_LogIsFull_DeletesTheOldestEntry()
    {
        var schema = postgres.NextSchema();
        await using var node = await StartWithDeadLetterAsync(schema);
        await TestNode.ExecuteAsync(
            postgres, $"INSERT INTO {schema}.administration_log (at, action, filter, count) SELECT now(), 'ErasePerson', '{{}}', 1 FROM generate_series(1, {AdministrationRequest.MaxLogEntries})");

        await node.Administration.PurgeDeadLettersAsync();

        (await TestNode.QueryNumberAsync(postgres, $"SELECT count(*) FROM {schema}.administration_log WHERE id > 1")).Should().Be(AdministrationRequest.MaxLogEntries);
        (await TestNode.QueryNumberAsync(postgres, $"SELECT count(*) FROM {schema}.administration_log WHERE id = 1")).Should().Be(0);
        (await node.Administration.ListAdministrationLogAsync(limit: 2)).Select(static entry => entry.Action).Should().Equal(
            [AdministrationAction.PurgeDeadLetters, AdministrationAction.Unrecognized], "a later version may have written what this one does not know");
    }

    private async Task<TestNode> StartWithDeadLetterAsync(string schema)
    {
        var node = await TestNode.StartAsync(postgres, schema);
        node.Recorder.BeforeRecording = static (_, _) => throw new CallEventRejectedException("No.");
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));
        await Eventually.HoldsAsync(async () => (await node.Administration.ListDeadLettersAsync()).Should().ContainSingle());
        return node;
    }
}
