using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>Persons and their callbacks in the tables that nodes share.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class PersonTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1);
    private static readonly Person Client = CreatePerson(0);

    private readonly string _schema = postgres.NextSchema();

    [PostgresFact]
    public async Task Accept_CallsOfANewPersonOnTwoNodesAtOnce_CountsEachOnce()
    {
        const int Calls = 40;
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        // Each call on both nodes, as a gateway that redelivers while the first answer is on its way.
        await Task.WhenAll(Enumerable.Range(0, 2 * Calls).Select(call =>
            (call % 2 == 0 ? first : second).Intake.AcceptAsync(CreateCall("missed", $"{call / 2}", Client, call / 2)).AsTask()));

        var callback = (await GetCallbacks(first).FindAsync(Client))!;
        callback.Count.Should().Be(Calls);
        callback.Calls.Select(static call => call.IdMessage).Should().Equal(Enumerable.Range(0, Calls).Select(static call => $"{call}"));
        (await CountAsync("persons")).Should().Be(1);
        (await CountAsync("person_calls")).Should().Be(Calls);
    }

    [PostgresFact]
    public async Task Close_BySeveralAnsweredCallsAndTheHostAtOnce_HasOneEventPerPerson()
    {
        const int Persons = 20;
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        var persons = Enumerable.Range(0, Persons).Select(CreatePerson).ToArray();
        await Task.WhenAll(persons.Select((person, index) => first.Intake.AcceptAsync(CreateCall("missed", $"missed-{index}", person, 0)).AsTask()));

        await Task.WhenAll(persons.SelectMany((person, index) => (Task[])
        [
            first.Intake.AcceptAsync(CreateCall("pickUp", $"answered-{index}", person, 10)).AsTask(),
            second.Intake.AcceptAsync(CreateCall("pickUp", $"outgoing-{index}", person, 20) with { Direction = CallDirection.Outgoing }).AsTask(),
            GetCallbacks(second).CloseAsync(person, "operator", Start.AddSeconds(30)).AsTask(),
        ]));

        (await GetCallbacks(first).ListAsync()).Should().BeEmpty();
        await Eventually.HoldsAsync(async () => (await CountAsync("deliveries")).Should().Be(0));
        first.Recorder.Events.Concat(second.Recorder.Events).Select(static callEvent => callEvent.Person).Should().BeEquivalentTo(persons, "each callback is closed once");
    }

    [PostgresFact]
    public async Task Accept_PersonCannotBeWritten_StoresNothingUntilItCan()
    {
        await using var node = await StartAsync();
        await TestNode.ExecuteAsync(postgres, $"""
            CREATE FUNCTION {_schema}.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
            CREATE TRIGGER fail BEFORE INSERT ON {_schema}.persons FOR EACH ROW EXECUTE FUNCTION {_schema}.fail();
            """);
        await FluentActions.Awaiting(() => node.Intake.AcceptAsync(CreateCall("missed", "A", Client, 0)).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();
        (await CountAsync("calls")).Should().Be(0);
        await TestNode.ExecuteAsync(postgres, $"DROP TRIGGER fail ON {_schema}.persons");

        (await node.Intake.AcceptAsync(CreateCall("missed", "A", Client, 0))).Outcome.Should().Be(IntakeOutcome.Stored);

        (await GetCallbacks(node).FindAsync(Client))!.Count.Should().Be(1);
    }

    [PostgresFact]
    public async Task FindCalls_CallsOfSeveralPersons_FindsThoseOfOne()
    {
        await using var node = await StartAsync();
        await node.Intake.AcceptAsync(CreateCall("offer", "A", Client, 0));
        await node.Intake.AcceptAsync(CreateCall("missed", "A", Client, 1));
        await node.Intake.AcceptAsync(CreateCall("missed", "B", CreatePerson(1), 2));
        await node.Intake.AcceptAsync(CreateCall("missed", "C", Client, 3) with { From = null });
        // The caller of the outcome is a linked id, and the offer names the number.
        await node.Intake.AcceptAsync(CreateCall("pickUp", "D", Client, 5) with { From = ChatId.Parse("100000000000001@lid") });
        await node.Intake.AcceptAsync(CreateCall("offer", "D", Client, 4));
        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().ContainSingle());

        var calls = await FindCallsAsync(Client);

        calls.Where(static id => id.Length == 1).Should().Equal("A", "D");
        calls.Should().HaveCount(3, "the closing belongs to the person, too");
        (await FindCallsAsync(CreatePerson(1))).Should().Equal("B");
    }

    [PostgresFact]
    public async Task Maintenance_StateHasExpired_ForgetsItAndThePersonWithItsCalls()
    {
        await using (var node = await StartAsync())
        {
            await node.Intake.AcceptAsync(CreateCall("missed", "A", Client, 0));
            await node.Intake.AcceptAsync(CreateCall("missed", "B", CreatePerson(1), 0));
        }

        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.persons SET expires_at = now() - interval '1 second' WHERE person = '{Client.Id}'");
        await using (await StartAsync())
        {
            // A node does the maintenance when it starts.
            await Eventually.HoldsAsync(async () => (await CountAsync("persons WHERE state IS NULL AND open_since IS NULL AND expires_at > now()")).Should().Be(1));
        }

        await TestNode.ExecuteAsync(postgres, $"DELETE FROM {_schema}.calls; UPDATE {_schema}.persons SET expires_at = now() - interval '1 second'");
        await using var last = await StartAsync();
        await Eventually.HoldsAsync(async () => (await CountAsync("persons")).Should().Be(0));
    }

    [PostgresFact]
    public async Task Accept_StateOfThePersonCannotBeRead_BeginsAgain()
    {
        await using var node = await StartAsync();
        await node.Intake.AcceptAsync(CreateCall("missed", "A", Client, 0));
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.persons SET state = '{{'");

        (await GetCallbacks(node).ListAsync()).Should().BeEmpty();
        await node.Intake.AcceptAsync(CreateCall("missed", "B", Client, 1));

        (await GetCallbacks(node).FindAsync(Client))!.Calls.Should().Equal(new CallKey(1101000001, "B"));
    }

    [PostgresFact]
    public async Task Callbacks_TableMissing_AreUnavailable()
    {
        await using var node = await StartAsync();
        await TestNode.ExecuteAsync(postgres, $"ALTER TABLE {_schema}.persons RENAME TO elsewhere");

        await FluentActions.Awaiting(() => GetCallbacks(node).ListAsync().AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();
        await FluentActions.Awaiting(() => GetCallbacks(node).FindAsync(Client).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();
        await FluentActions.Awaiting(() => GetCallbacks(node).CloseAsync(Client, null, Start).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();
    }

    private Task<TestNode> StartAsync() => TestNode.StartAsync(
        postgres, _schema, handlers: static calls => calls.AddHandler<RecordingHandler>(static handler => (handler.Name, handler.Kinds) = ("closings", [CallEventKind.CallbackClosed])));

    private static ICallbacks GetCallbacks(TestNode node) => node.Services.GetRequiredService<ICallbacks>();

    /// <summary>Finds the calls of a person, in the order of their first notification. The closings of callbacks are among them.</summary>
    private async Task<IReadOnlyList<string>> FindCallsAsync(Person person)
    {
        List<string> calls = [];
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = database.CreateCommand($"""
            SELECT c.id_message FROM {_schema}.persons p JOIN {_schema}.person_calls l ON l.person_id = p.id JOIN {_schema}.calls c ON c.id = l.call_id WHERE p.person = $1 ORDER BY c.id
            """);
        command.Parameters.Add(new() { Value = person.Id });
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            calls.Add(row.GetString(0));
        }

        return calls;
    }

    private Task<long> CountAsync(string table) => TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.{table}");

    private static Person CreatePerson(int index) => new() { IdInstance = 1101000001, ChatId = ChatId.Parse($"1000{index:D4}@c.us") };

    private static IncomingCallNotification CreateCall(string status, string id, Person person, int seconds) =>
        TestNode.CreateCall(status, id, Start.AddSeconds(seconds)) with { From = person.ChatId };
}
