using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Administration;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>Erasures beside the transactions of nodes: claims, accepts and replays.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class ErasureTests(PostgresFixture postgres)
{
    private const string Number = "70000000101";
    private const string LinkedId = "100000000000001";

    private static readonly ChatId Client = ChatId.Parse($"{Number}@c.us");

    private readonly string _schema = postgres.NextSchema();

    /// <summary>The number in the name of the schema, which no other test has.</summary>
    private string HoldKey => _schema.Split('_')[^1];

    [PostgresTheory]
    [InlineData("held")]
    [InlineData(StoringHandler.InTransaction)]
    public async Task Erase_AnotherNodeHoldsAClaim_CompletesAfterItAndLeavesNothing(string id)
    {
        TaskCompletionSource started = new(), release = new();
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        first.Recorder.BeforeRecording = second.Recorder.BeforeRecording = static (_, _) => throw new CallEventRejectedException("No such customer.");
        await first.Intake.AcceptAsync(CreateCall("rejected"));
        await first.Intake.AcceptAsync(System.Text.Encoding.UTF8.GetBytes($"{{ {Number}"));
        await Eventually.HoldsAsync(async () => (await CountAsync("dead_letters")).Should().Be(1));
        first.Recorder.BeforeRecording = second.Recorder.BeforeRecording = (_, _) =>
        {
            started.TrySetResult();
            return release.Task;
        };
        await first.Intake.AcceptAsync(CreateCall(id));
        await first.Intake.AcceptAsync(CreateCall("other") with { From = ChatId.Parse("70000000102@c.us") });
        await started.Task;

        var erasing = second.Administration.EraseCallerAsync(null, Client).AsTask();
        await Eventually.HoldsAsync(async () => (await CountAsync("dead_letters")).Should().Be(0));
        erasing.IsCompleted.Should().BeFalse("the handler has not ended");
        release.SetResult();
        var report = await erasing;

        report.IsComplete.Should().BeTrue();
        report.Counts.Should().BeEquivalentTo(new { Calls = 2, DeadLetters = 1, Quarantined = 1, Persons = 1 });
        (await FindAsync(Number)).Should().BeEmpty();
        (await FindAsync("70000000102")).Should().Contain("calls.state");
        (await first.Intake.AcceptAsync(CreateCall(id))).Outcome.Should().Be(IntakeOutcome.Discarded);
    }

    [PostgresFact]
    public async Task Erase_ClaimLastsForTooLong_IsNotCompleteUntilItIsRepeated()
    {
        TaskCompletionSource started = new(), release = new();
        await using var node = await StartAsync();
        node.Recorder.BeforeRecording = (_, _) =>
        {
            started.TrySetResult();
            return release.Task;
        };
        await node.Intake.AcceptAsync(CreateCall("A"));
        await started.Task;
        var (database, time) = (node.Services.GetRequiredService<InboxDatabase>(), node.Services.GetRequiredService<DatabaseClock>());

        var erasure = new SubjectErasure(database.Other, database.Schema, ErasedSubject.ForCaller(null, Client, null, time.GetUtcNow()), time, CancellationToken.None) { Timeout = TimeSpan.Zero };
        var report = await erasure.RunAsync();

        report.Should().BeEquivalentTo(new { IsComplete = false, Counts = new { Calls = 0, Deliveries = 0 } });
        (await node.Administration.ListErasuresAsync()).Should().ContainSingle().Which.IsComplete.Should().BeFalse();
        release.SetResult();
        var repeated = await node.Administration.RepeatErasureAsync(report);
        repeated.Should().BeEquivalentTo(new { report.Id, report.At, IsComplete = true, Counts = new { Calls = 1 } });
        (await node.Administration.ListErasuresAsync()).Should().ContainSingle().Which.Counts.Should().Be(repeated.Counts);
        (await FindAsync(Number)).Should().BeEmpty();
    }

    [PostgresFact]
    public async Task Erase_AcceptIsInFlight_ErasesItAndDiscardsThoseBehind()
    {
        await using var node = await StartAsync();
        var earlier = CreateCall("earlier");
        await using var hold = await HoldNewDeliveriesAsync();
        var accepting = node.Intake.AcceptAsync(CreateCall("in flight")).AsTask();
        await Eventually.HoldsAsync(async () => (await CountHeldAsync()).Should().Be(1));

        var erasing = node.Administration.EraseCallerAsync(null, Client).AsTask();
        await Eventually.HoldsAsync(async () => (await CountAsync("erasures")).Should().Be(1));
        (await node.Intake.AcceptAsync(earlier)).Outcome.Should().Be(IntakeOutcome.Discarded, "the report is committed");
        erasing.IsCompleted.Should().BeFalse("the accept has not ended");
        await hold.DisposeAsync();

        (await accepting).Outcome.Should().Be(IntakeOutcome.Stored);
        (await erasing).Should().BeEquivalentTo(new { IsComplete = true, Counts = new { Calls = 1 } });
        (await FindAsync(Number)).Should().BeEmpty();
    }

    [PostgresFact]
    public async Task Erase_ReplayIsInFlight_DeletesTheDeadLetterAndTheReplayChangesNothing()
    {
        await using var node = await StartAsync();
        node.Recorder.BeforeRecording = static (_, _) => throw new CallEventRejectedException("No such customer.");
        await node.Intake.AcceptAsync(CreateCall("A"));
        await Eventually.HoldsAsync(async () => (await CountAsync("dead_letters")).Should().Be(1));
        node.Recorder.BeforeRecording = static (_, _) => Task.CompletedTask;
        await using var hold = await HoldNewDeliveriesAsync();
        (await node.Administration.ReplayDeadLettersAsync()).Should().Be(1);
        await Eventually.HoldsAsync(async () => (await CountHeldAsync()).Should().Be(1));

        var erasing = node.Administration.EraseCallerAsync(null, Client).AsTask();
        await Eventually.HoldsAsync(async () => (await CountAsync("dead_letters")).Should().Be(0));
        await hold.DisposeAsync();

        (await erasing).Should().BeEquivalentTo(new { IsComplete = true, Counts = new { Calls = 1, DeadLetters = 1, Deliveries = 0 } });
        (await FindAsync(Number)).Should().BeEmpty();
        node.Recorder.Events.Should().BeEmpty();
    }

    [PostgresFact]
    public async Task Erase_ByTheNumberOfALinkedId_ErasesTheLinkedId()
    {
        await using var node = await StartAsync();
        var call = CreateCall("A") with { From = ChatId.Parse($"{LinkedId}@lid") };
        await node.Intake.AcceptAsync(call);
        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().ContainSingle());
        await TestNode.ExecuteAsync(postgres, $"""
            INSERT INTO {_schema}.names (id_instance, chat_id, name, source, expires_at, phone, phone_expires_at)
            VALUES (1101000001, '{LinkedId}@lid', 'Ivan', 'test', now() + interval '1 day', '+{Number}', now() + interval '1 day')
            """);

        var report = await node.Administration.EraseCallerAsync(null, Client);

        report.Should().BeEquivalentTo(new { IsComplete = true, Counts = new { Calls = 1, Names = 1 } });
        (await FindAsync(Number)).Concat(await FindAsync(LinkedId)).Should().BeEmpty();
        (await node.Intake.AcceptAsync(call)).Outcome.Should().Be(IntakeOutcome.Discarded);
    }

    /// <summary>A call and its deliveries that cannot be read can contain the number, too.</summary>
    [PostgresTheory]
    [InlineData("calls", "state")]
    [InlineData("deliveries", "event")]
    public async Task Erase_CallCannotBeRead_FindsTheNumberInItsText(string table, string column)
    {
        await TestNode.StoreWaitingAsync(postgres, _schema);
        await TestNode.ExecuteAsync(postgres, $$"""
            UPDATE {{_schema}}.calls SET state = '{'; UPDATE {{_schema}}.deliveries SET event = '{', due_at = now() + interval '1 hour';
            UPDATE {{_schema}}.{{table}} SET {{column}} = '{ "from": "{{Number}}@c.us"';
            """);
        await using var node = await StartAsync();

        var report = await node.Administration.EraseCallerAsync(null, Client);

        report.Should().BeEquivalentTo(new { IsComplete = true, Counts = new { Calls = 1, Deliveries = 1 } });
        (await FindAsync(Number)).Should().BeEmpty();
    }

    [PostgresFact]
    public async Task Erase_LookupIsInFlight_ItsNameIsNotStored()
    {
        var resolver = new HeldResolver();
        await using var node = await TestNode.StartAsync(
            postgres, _schema, handlers: calls => calls.AddCallerNames<HeldResolver>().AddHandler<RecordingHandler>("crm").Services.AddSingleton(resolver));
        await node.Intake.AcceptAsync(CreateCall("A"));
        await node.Intake.AcceptAsync(CreateCall("B") with { From = ChatId.Parse("70000000102@c.us") });
        await Eventually.HoldsAsync(() => resolver.Queries.Should().Be(2));

        (await node.Administration.EraseCallerAsync(null, Client)).IsComplete.Should().BeTrue();
        resolver.Release.SetResult();

        // A node stores what was found before it stops.
        await Eventually.HoldsAsync(async () => (await CountAsync("names")).Should().Be(1));
        await node.StopAsync();
        (await FindAsync(Number)).Should().BeEmpty();
    }

    [PostgresFact]
    public async Task Erase_PackageHasSavedAValueOfTheInstance_DeletesItAndALaterOneIsStored()
    {
        await using var node = await StartAsync();
        var values = node.Services.GetRequiredService<IHandlerValueStore>();
        var package = HandlerAttempt.WithoutDelivery("package");
        foreach (var key in (string[])["progress/1101000001", "progress/1101000002"])
        {
            await values.SaveAsync(package, HandlerKey.Named(key), "1", expiresAt: null, CancellationToken.None);
        }

        var report = await node.Administration.EraseInstanceAsync(1101000001);

        report.Should().BeEquivalentTo(new { IsComplete = true, Counts = new { HandlerValues = 1, Total = 1 } });
        await values.SaveAsync(package, HandlerKey.Named("progress/1101000001"), "2", expiresAt: null, CancellationToken.None);
        (await values.GetAsync(package, HandlerKey.Named("progress/1101000001"), CancellationToken.None)).Should().Be("2");
    }

    /// <summary>The command line runs on another machine than the nodes.</summary>
    [PostgresFact]
    public async Task Erase_ClockOfTheOperatorIsBehind_ErasesWhatWasReceived()
    {
        await using var node = await StartAsync();
        await node.Intake.AcceptAsync(CreateCall("A"));
        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().ContainSingle());
        using var connection = new PostgreSqlInboxConnection(postgres.ConnectionString, _schema, new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-1)));

        var report = await connection.Administration.EraseInstanceAsync(1101000001);

        report.Should().BeEquivalentTo(new { IsComplete = true, Counts = new { Calls = 1 } });
        (await FindAsync(Number)).Should().BeEmpty();
    }

    private Task<TestNode> StartAsync() => TestNode.StartAsync(postgres, _schema, handlers: static calls => calls.AddHandler<StoringHandler>("crm"));

    private static IncomingCallNotification CreateCall(string id) =>
        TestNode.CreateCall("missed", id, TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1)) with { From = Client };

    private Task<long> CountAsync(string table) => TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.{table}");

    private Task<long> CountHeldAsync() => TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = {HoldKey}");

    /// <summary>Holds the transactions that insert a delivery.</summary>
    private async Task<IAsyncDisposable> HoldNewDeliveriesAsync()
    {
        await TestNode.ExecuteAsync(postgres, $"""
            CREATE FUNCTION {_schema}.hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock({HoldKey}); RETURN NEW; END $$;
            CREATE TRIGGER hold BEFORE INSERT ON {_schema}.deliveries FOR EACH ROW EXECUTE FUNCTION {_schema}.hold();
            """);
        // The lock ends with the session, which must not return to a pool.
        var connection = new NpgsqlConnection($"{postgres.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_lock({HoldKey})", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Finds the columns of all tables that contain a text.</summary>
    private async Task<IReadOnlyList<string>> FindAsync(string text)
    {
        List<string> columns = [], found = [];
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using (var command = database.CreateCommand($"""
            SELECT format('SELECT %L WHERE EXISTS (SELECT 1 FROM %I.%I WHERE ', table_name || '.' || column_name, table_schema, table_name)
                || CASE data_type WHEN 'bytea' THEN format('position(''{text}''::bytea IN %I) > 0)', column_name) ELSE format('%I::text LIKE ''%%{text}%%'')', column_name) END
            FROM information_schema.columns WHERE table_schema = '{_schema}'
            """))
        await using (var row = await command.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
            {
                columns.Add(row.GetString(0));
            }
        }

        columns.Should().HaveCountGreaterThan(80);
        await using var search = database.CreateCommand(string.Join(" UNION ALL ", columns));
        await using var hit = await search.ExecuteReaderAsync();
        while (await hit.ReadAsync())
        {
            found.Add(hit.GetString(0));
        }

        return found;
    }

    /// <summary>Saves values of the person and of the call.</summary>
    private sealed class StoringHandler(ICallHandlerStore store, ICallEventTransaction events, NodeRecorder recorder) : ICallEventHandler
    {
        /// <summary>The id of a call of which the values are saved in the transaction of the event.</summary>
        public const string InTransaction = "transaction";

        public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            if (callEvent.Call.Key.IdMessage == InTransaction)
            {
                await events.BeginAsync(cancellationToken);
            }

            await recorder.BeforeRecording(callEvent, cancellationToken);
            await store.SaveAsync(HandlerKey.Person(callEvent.Person!), $"customer {callEvent.Person!.Id}", cancellationToken);
            await store.SaveAsync(HandlerKey.Call(callEvent.Call), $"record of {callEvent.Person!.Id}", cancellationToken);
            recorder.Events.Enqueue(callEvent);
        }
    }

    private sealed class HeldResolver : ICallerNameResolver
    {
        private int _queries;

        public int Queries => Volatile.Read(ref _queries);

        public TaskCompletionSource Release { get; } = new();

        public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _queries);
            await Release.Task.WaitAsync(cancellationToken);
            return new CallerName { Name = "Ivan", Source = "test" };
        }
    }
}
