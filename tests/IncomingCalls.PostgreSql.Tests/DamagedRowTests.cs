using System.Diagnostics.Metrics;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>Rows that this version cannot read. None of them stops another.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class DamagedRowTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    [PostgresFact]
    public async Task Delivery_EventDamaged_IsQuarantinedAndOthersAreHandled()
    {
        await TestNode.StoreWaitingAsync(postgres, _schema);
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.deliveries SET event = '\\x00ff'");

        await using var next = await StartAsync();

        await Eventually.HoldsAsync(async () => (await next.Administration.ListQuarantineAsync()).Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new { Reason = "CallUnreadable", Explanation = "The stored event of handler crm cannot be read. These are its bytes." }, options => options.ExcludingMissingMembers()));
        await ShouldBeHandledAsync(next, deadLetters: 0);
        await Eventually.HoldsAsync(() => next.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 5007));
    }

    [PostgresFact]
    public async Task Delivery_CallDamaged_IsADeadLetterAndCanBeReplayedWhenTheCallIsRestored()
    {
        await TestNode.StoreWaitingAsync(postgres, _schema);
        await TestNode.ExecuteAsync(postgres, $"CREATE TABLE {_schema}.backup AS SELECT id, state FROM {_schema}.calls; UPDATE {_schema}.calls SET state = '{{'");

        await using var next = await StartAsync();
        await ShouldBeHandledAsync(next, deadLetters: 1);
        (await next.Administration.ListDeadLettersAsync()).Should().ContainSingle().Which.Error.Should().StartWith("CallUnreadable: ");

        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.calls c SET state = b.state FROM {_schema}.backup b WHERE b.id = c.id");
        await next.Administration.ReplayDeadLettersAsync();

        await Eventually.HoldsAsync(() => next.Recorder.Events.Select(callEvent => callEvent.Call.Key.IdMessage).Should().Equal("intact", "A"));
    }

    [PostgresFact]
    public async Task Delivery_CallDamaged_CountsAsGivenUp()
    {
        await using var node = await TestNode.StartAsync(postgres, _schema);
        using var givenUp = new MetricCollector<long>(node.Services.GetRequiredService<IMeterFactory>(), "IncomingCalls", "incoming_calls.given_up");
        node.Recorder.BeforeRecording = static (_, _) => throw new CallEventRetryException(TimeSpan.FromHours(1));
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));
        await Eventually.HoldsAsync(async () => (await node.Administration.GetStatisticsAsync()).WaitingForRetry.Should().Be(1));

        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.calls SET state = '{{'; UPDATE {_schema}.deliveries SET due_at = now() - interval '1 second'");

        await Eventually.HoldsAsync(() => givenUp.GetMeasurementSnapshot().Should().ContainSingle().Which.Value.Should().Be(1));
    }

    [PostgresFact]
    public async Task Delivery_EventDamagedAndHandlerMissing_IsQuarantined()
    {
        await TestNode.StoreWaitingAsync(postgres, _schema);
        await TestNode.StoreWaitingAsync(postgres, _schema, "intact");
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.deliveries SET event = '\\x00ff' WHERE id = (SELECT MIN(id) FROM {_schema}.deliveries); UPDATE {_schema}.handlers SET seen_at = now() - interval '2 days'");

        await using var next = await TestNode.StartAsync(postgres, _schema, handlers: static calls => calls.AddHandler<RecordingHandler>("other"));

        await Eventually.HoldsAsync(async () => (await next.Administration.ListQuarantineAsync()).Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new { Reason = "CallUnreadable", Explanation = "The stored event of handler crm cannot be read. These are its bytes.", IdInstance = 1101000001L, Length = 2 }, options => options.ExcludingMissingMembers()));
        (await next.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = 1L });
        await Eventually.HoldsAsync(() => next.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 5007));
    }

    [PostgresFact]
    public async Task Delivery_OfALaterFormat_IsLeftToNodesOfThatVersion()
    {
        await TestNode.StoreWaitingAsync(postgres, _schema);
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.deliveries SET format = 3, due_at = now()");

        await using var next = await StartAsync();
        await Eventually.HoldsAsync(() => next.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 5020));
        await Eventually.HoldsAsync(() => next.Recorder.Events.Should().ContainSingle().Which.Call.Key.IdMessage.Should().Be("intact"));
        // The delivery of the intact call is settled after its handler.
        await Eventually.HoldsAsync(async () =>
            (await next.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 1L, DeadLetters = 0L, Quarantined = 0L }, "the row is another node's"));

        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.deliveries SET format = 1");
        await Eventually.HoldsAsync(() => next.Recorder.Events.Should().HaveCount(2));
    }

    [PostgresFact]
    public async Task OutcomeTimeout_CallDamaged_EndsOnceAndOthersAreResolved()
    {
        await using var node = await TestNode.StartAsync(postgres, _schema);
        await node.Intake.AcceptAsync(TestNode.CreateCall("offer", "damaged"));
        await node.Intake.AcceptAsync(TestNode.CreateCall("offer", "intact"));
        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().HaveCount(2));

        await TestNode.ExecuteAsync(
            postgres, $"UPDATE {_schema}.calls SET outcome_due_at = now() - interval '1 minute'; UPDATE {_schema}.calls SET state = '{{', outcome_due_at = now() - interval '2 minutes' WHERE id_message = 'damaged'");

        await Eventually.HoldsAsync(() => node.Recorder.Events.Where(callEvent => callEvent.Kind == CallEventKind.OutcomeUnknown).Should().ContainSingle().Which.Call.Key.IdMessage.Should().Be("intact"));
        node.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 5015);
        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.calls WHERE id_message = 'damaged' AND outcome_due_at IS NULL")).Should().Be(1);
    }

    private async Task<TestNode> StartAsync()
    {
        var node = await TestNode.StartAsync(postgres, _schema);
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "intact"));
        return node;
    }

    private static async Task ShouldBeHandledAsync(TestNode node, int deadLetters)
    {
        await Eventually.HoldsAsync(async () => (await node.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = (long)deadLetters }));
        node.Recorder.Events.Should().ContainSingle().Which.Call.Key.IdMessage.Should().Be("intact");
    }
}
