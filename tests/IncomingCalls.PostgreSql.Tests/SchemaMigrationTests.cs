using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>The tables are changed in numbered steps, while nodes of the version before accept and handle.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class SchemaMigrationTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    /// <summary>Without a lock timeout the step waits for the end of the attempt, and every accept waits behind the step.</summary>
    [PostgresFact]
    public async Task Migrate_AttemptHoldsItsDelivery_AcceptingContinuesAndTheStepRunsAfterwards()
    {
        var release = new TaskCompletionSource();
        await using var node = await TestNode.StartAsync(postgres, _schema);
        node.Recorder.BeforeRecording = (callEvent, _) => callEvent.Call.Key.IdMessage == "held" ? release.Task : Task.CompletedTask;
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "held"));
        await Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.starts")).Should().Be(1));
        using var database = CreateDatabase(AddColumn());
        var migration = Task.Run(() => MigrateAsync(database));
        await Eventually.HoldsAsync(async () => (await CountWaitingStepsAsync()).Should().BePositive("the step should wait for the attempt"));

        for (var i = 0; i < 20; i++)
        {
            await node.Intake.AcceptAsync(TestNode.CreateCall("declined", $"call-{i}")).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        }

        (await FindVersionAsync()).Should().Be(Current, "the attempt still holds its delivery");
        release.SetResult();
        await migration;
        (await FindVersionAsync()).Should().Be(Current + 1);
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "after"));
        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().HaveCount(22, "a node of the version before uses the new tables"));
    }

    /// <summary>A claim of the release before has read its call, and accepting writes calls.</summary>
    [PostgresFact]
    public async Task Start_SchemaOfVersion1_AddsPersonsBesideAnAttempt()
    {
        using var first = new InboxDatabase(new(postgres.ConnectionString, host: null, configure: null), new InboxSchema(_schema) { Steps = [new InboxSchema(_schema).Steps[0]] }, claims: 1);
        await MigrateAsync(first);
        await TestNode.ExecuteAsync(postgres, $"INSERT INTO {_schema}.calls (id_instance, id_message, touched_at, state) VALUES (1101000001, 'before', now(), '{{}}')");
        await using var claim = new Npgsql.NpgsqlConnection(postgres.ConnectionString);
        await claim.OpenAsync();
        await using var transaction = await claim.BeginTransactionAsync();
        await using var read = new Npgsql.NpgsqlCommand($"SELECT d.id FROM {_schema}.calls c LEFT JOIN {_schema}.deliveries d ON d.call_id = c.id", claim);
        await read.ExecuteScalarAsync();

        await using var node = await TestNode.StartAsync(postgres, _schema).WaitAsync(TimeSpan.FromSeconds(60));

        (await FindVersionAsync()).Should().Be(Current);
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "after"));
        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.person_calls")).Should().Be(1);
        await TestNode.ExecuteAsync(postgres, $"DELETE FROM {_schema}.calls");
        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.person_calls")).Should().Be(0, "a node of the version before deletes calls, too");
    }

    [PostgresFact]
    public async Task Migrate_NodesAtOnce_RunsEachStepOnce()
    {
        InboxDatabase[] databases = [.. Enumerable.Range(0, 4).Select(_ => CreateDatabase(AddColumn()))];

        await Task.WhenAll(databases.Select(MigrateAsync));

        (await FindVersionAsync()).Should().Be(Current + 1);
        Array.ForEach(databases, static database => database.Dispose());
    }

    [PostgresFact]
    public async Task Migrate_ConcurrentStep_WaitsForNoAttempt()
    {
        var release = new TaskCompletionSource();
        await using var node = await TestNode.StartAsync(postgres, _schema);
        node.Recorder.BeforeRecording = (_, _) => release.Task;
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));
        // Until its first ping, the session has the snapshot of its last statement.
        await Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(
            postgres, "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'IncomingCalls claims' AND state = 'idle in transaction' AND backend_xmin IS NULL")).Should().Be(1));
        using var database = CreateDatabase(new SchemaStep
        {
            Version = Current + 1,
            Purpose = "adds an index",
            IsConcurrent = true,
            Statements = [$"DROP INDEX CONCURRENTLY IF EXISTS {_schema}.deliveries_received;", $"CREATE INDEX CONCURRENTLY deliveries_received ON {_schema}.deliveries (received_at);"],
        });

        await MigrateAsync(database).WaitAsync(TimeSpan.FromSeconds(60));

        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM pg_index WHERE indexrelid = '{_schema}.deliveries_received'::regclass AND indisvalid")).Should().Be(1);
        (await FindVersionAsync()).Should().Be(Current + 1);
        release.SetResult();
    }

    [PostgresFact]
    public async Task Migrate_StepFails_ChangesNothing()
    {
        await (await TestNode.StartAsync(postgres, _schema)).DisposeAsync();
        using var database = CreateDatabase(new SchemaStep { Version = Current + 1, Purpose = "fails", Statements = [$"ALTER TABLE {_schema}.deliveries ADD COLUMN note text;", "SELECT 1/0;"] });

        await FluentActions.Awaiting(() => MigrateAsync(database)).Should().ThrowAsync<Npgsql.PostgresException>();

        (await FindVersionAsync()).Should().Be(Current);
        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = '{_schema}' AND column_name = 'note'")).Should().Be(0);
    }

    [PostgresFact]
    public async Task Start_SchemaOfTheNextVersion_IsUsed()
    {
        await (await TestNode.StartAsync(postgres, _schema)).DisposeAsync();
        using var database = CreateDatabase(AddColumn());
        await MigrateAsync(database);

        await using var node = await TestNode.StartAsync(postgres, _schema);
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().ContainSingle());
        (await FindVersionAsync()).Should().Be(Current + 1);
    }

    [PostgresFact]
    public async Task Start_SchemaTwoVersionsLater_IsRefusedAndNotChanged()
    {
        await (await TestNode.StartAsync(postgres, _schema)).DisposeAsync();
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.version SET version = {Current + 2}; DELETE FROM {_schema}.handlers");

        await FluentActions.Awaiting(() => TestNode.StartAsync(postgres, _schema)).Should().ThrowAsync<InvalidOperationException>()
            .WithMessage($"The schema {_schema} was written by a later version of IncomingCalls (schema {Current + 2}; this version supports {Current} and {Current + 1}), and nothing in it was changed.*");

        (await FindVersionAsync()).Should().Be(Current + 2);
        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.handlers")).Should().Be(0);
    }

    [PostgresFact]
    public async Task Check_StepMissing_NamesItAndTheCommand()
    {
        await (await TestNode.StartAsync(postgres, _schema)).DisposeAsync();
        using var database = CreateDatabase(AddColumn());

        await FluentActions.Awaiting(() => new SchemaMigration(database, mayCreate: false, TimeProvider.System).EnsureAsync(CancellationToken.None)).Should().ThrowAsync<InvalidOperationException>()
            .WithMessage($"The schema {_schema} has version {Current}, step {Current + 1} (adds a column) is missing, and CreateSchema is false. A DBA executes what 'incoming-calls inbox schema --sql --schema {_schema} --from {Current + 1}' prints*");
    }

    [PostgresFact]
    public async Task Clusters_WithASchemaEach_ShareADatabase()
    {
        await using var first = await TestNode.StartAsync(postgres, _schema);
        await using var second = await TestNode.StartAsync(postgres, postgres.NextSchema());

        await first.Intake.AcceptAsync(TestNode.CreateCall("pickUp", "same"));
        await second.Intake.AcceptAsync(TestNode.CreateCall("missed", "same"));

        await Eventually.HoldsAsync(() => first.Recorder.Events.Should().ContainSingle().Which.Call.Outcome.Should().Be(CallOutcome.Answered));
        await Eventually.HoldsAsync(() => second.Recorder.Events.Should().ContainSingle().Which.Call.Outcome.Should().Be(CallOutcome.Missed));
    }

    /// <summary>A table that is missing in the list is not checked for privileges.</summary>
    [PostgresFact]
    public async Task WrittenTables_AfterAllSteps_AreTheTablesOfTheSchema()
    {
        await (await TestNode.StartAsync(postgres, _schema)).DisposeAsync();
        var schema = new InboxSchema(_schema);
        using var database = CreateDatabase();

        var tables = await database.Other.QueryAsync($"SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname = '{_schema}'", static row => row.GetString(0), CancellationToken.None);

        tables.Should().BeEquivalentTo([.. schema.WrittenTables, schema.Version]);
    }

    private static async Task MigrateAsync(InboxDatabase database)
    {
        while (true)
        {
            try
            {
                await new SchemaMigration(database, mayCreate: true, TimeProvider.System).EnsureAsync(CancellationToken.None);
                return;
            }
            catch (SchemaBusyException)
            {
                // As the inbox does: it is tried again.
            }
        }
    }

    private int Current => new InboxSchema(_schema).Steps[^1].Version;

    private SchemaStep AddColumn() => new() { Version = Current + 1, Purpose = "adds a column", Statements = [$"ALTER TABLE {_schema}.deliveries ADD COLUMN note text;"] };

    private InboxDatabase CreateDatabase(params SchemaStep[] later)
    {
        var schema = new InboxSchema(_schema);
        return new(new(postgres.ConnectionString, host: null, configure: null), new InboxSchema(_schema) { Steps = [.. schema.Steps, .. later] }, claims: 1);
    }

    private Task<long> CountWaitingStepsAsync() =>
        TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock' AND relation = '{_schema}.deliveries'::regclass");

    private Task<long> FindVersionAsync() => TestNode.QueryNumberAsync(postgres, $"SELECT version::bigint FROM {_schema}.version");
}
