using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Tests.Hosting;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>What a look finds of a backlog.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class DueWorkQueryTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    /// <summary>The backlog is older, so a look by due time sees nothing else.</summary>
    [PostgresFact]
    public async Task Look_BehindABacklog_FindsEveryInstance()
    {
        await using var connection = await ConnectAsync();
        await InsertAsync("crm", count: 10_000, instances: 1, firstInstance: 1, age: "1 day");
        await InsertAsync("unknown", count: 10_000, instances: 1, firstInstance: 1, age: "1 day");
        await InsertAsync("crm", count: 2_500, instances: 2_500, firstInstance: 2, age: "1 minute");
        var query = CreateQuery();

        HashSet<long> instances = [];
        for (var looks = 0; looks < 3; looks++)
        {
            instances.UnionWith((await query.LookAsync(connection, CancellationToken.None)).Deliveries.Select(delivery => delivery.Lane.IdInstance));
        }

        instances.Should().HaveCount(2_501, "a look visits a thousand of them, and the next one continues behind");
    }

    [PostgresTheory]
    [InlineData(0)]
    [InlineData(5_000)]
    public async Task Look_TablesOfAnySize_ReadsIndexesAlone(int backlog)
    {
        await using var connection = await ConnectAsync();
        await InsertAsync("crm", backlog, instances: 10, firstInstance: 1, age: "1 minute");
        await TestNode.ExecuteAsync(postgres, $"ANALYZE {_schema}.deliveries, {_schema}.pauses, {_schema}.calls");
        foreach (var setting in (string[])["enable_seqscan", "enable_bitmapscan"])
        {
            await using var set = new NpgsqlCommand($"SET {setting} = off", connection);
            await set.ExecuteNonQueryAsync();
        }

        foreach (var explain in CreateQuery().Explain(TimeProvider.System.GetUtcNow()))
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { explain } };
            List<string> plan = [];
            await using var row = await batch.ExecuteReaderAsync();
            while (await row.ReadAsync())
            {
                plan.Add(row.GetString(0));
            }

            plan.Should().NotContain(static line => line.Contains("Seq Scan", StringComparison.Ordinal) || line.Contains("Bitmap", StringComparison.Ordinal));
        }
    }

    [PostgresFact]
    public async Task Look_SmallBacklog_FindsWhatMayStart()
    {
        await using var connection = await ConnectAsync();
        await InsertAsync("crm", count: 3, instances: 1, firstInstance: 1, age: "1 minute");
        await InsertAsync("crm", count: 1, instances: 1, firstInstance: 2, age: "-1 minute");
        await InsertAsync("unknown", count: 1, instances: 1, firstInstance: 3, age: "1 minute");
        // The successor of the first delivery.
        await TestNode.ExecuteAsync(postgres, $"INSERT INTO {_schema}.deliveries (call_id, id_instance, handler, due_at, attempts, waits_for, is_notifier, format, received_at, event) SELECT call_id, id_instance, handler, due_at, 0, 0, false, 1, received_at, event FROM {_schema}.deliveries WHERE id = 1");

        var found = await CreateQuery().LookAsync(connection, CancellationToken.None);

        found.Deliveries.Select(delivery => delivery.Id).Should().BeEquivalentTo([1, 2, 3]);
        found.Should().BeEquivalentTo(new { HasLaterFormat = false, HasReplays = false, Outcomes = Array.Empty<DueOutcome>() });
    }

    private DueWorkQuery CreateQuery() => new(new InboxSchema(_schema), ["crm"], TimeProvider.System);

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        await (await TestNode.StartAsync(postgres, _schema)).DisposeAsync();
        var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Inserts deliveries, each of a call of its own.</summary>
    private Task<int> InsertAsync(string handler, int count, int instances, int firstInstance, string age) => TestNode.ExecuteAsync(postgres, $"""
        INSERT INTO {_schema}.deliveries (call_id, id_instance, handler, due_at, attempts, waits_for, is_notifier, format, received_at, event)
        SELECT {firstInstance} * 1000000 + i, {firstInstance} + i % {instances}, '{handler}', now() - interval '{age}', 0, 0, false, 1, now(), '\x00' FROM generate_series(1, {count}) i
        """);
}
