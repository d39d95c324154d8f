using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>Deliveries that wait, and what is done beside them.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class WaitingDeliveryTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    /// <summary>A delivery behind a retry need not be looked at before. One behind a name that is looked up follows at once when the name is found.</summary>
    [PostgresTheory]
    [InlineData(DeliveryWait.Retry, 2)]
    [InlineData(DeliveryWait.CallerName, 1)]
    public async Task Accept_EarlierDeliveryOfTheCallWaits_IsDelayedBehindARetryOnly(DeliveryWait waitsFor, int delayed)
    {
        await TestNode.StoreWaitingAsync(postgres, _schema, status: "offer");
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.deliveries SET due_at = now() + interval '1 hour', waits_for = {(int)waitsFor}");
        await using var node = await TestNode.StartAsync(postgres, _schema);

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.deliveries WHERE due_at > now() + interval '30 minutes'")).Should().Be(delayed);
        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.deliveries")).Should().Be(2);
    }

    /// <summary>The transaction that was given up may hang, or another node may have claimed the delivery.</summary>
    [PostgresFact]
    public async Task LockAgain_RowIsLocked_EndsWithoutADelivery()
    {
        await TestNode.StoreWaitingAsync(postgres, _schema);
        await using var node = await TestNode.StartAsync(postgres, _schema, handlers: static calls => calls.AddHandler<RecordingHandler>("other"));
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.deliveries SET due_at = now()");
        var database = node.Services.GetRequiredService<InboxDatabase>();
        var deliveries = new DeliveryTable(database.Schema);
        await using var holding = await database.Claims.OpenConnectionAsync();
        await using var held = await holding.BeginTransactionAsync();
        var id = await TestNode.QueryNumberAsync(postgres, $"SELECT id FROM {_schema}.deliveries");
        var claimed = await deliveries.TryClaimAsync(database.Claims, holding, id, isSignalled: false, isProbe: false, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await using var connection = await database.Starts.OpenConnectionAsync();
        await using (await database.Starts.BeginTransactionAsync(connection))
        {
            (await deliveries.TryLockAgainAsync(connection, claimed!)).Should().BeNull();
        }

        await held.RollbackAsync();
        await using (await database.Starts.BeginTransactionAsync(connection))
        {
            (await deliveries.TryLockAgainAsync(connection, claimed!)).Should().NotBeNull("it is free again");
        }
    }
}
