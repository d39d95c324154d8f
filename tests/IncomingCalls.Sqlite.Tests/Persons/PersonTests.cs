using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Storage;
using IncomingCalls.Sqlite.Tests.Fixtures;
using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Sqlite.Tests.Persons;

/// <summary>The table of persons: the calls of a person, how long it is stored, and rows that cannot be read.</summary>
public sealed class PersonTests : IDisposable
{
    private static readonly Person Client = new() { IdInstance = 1101000001, ChatId = ChatId.Parse("70000000101@c.us") };
    private static readonly Person Other = new() { IdInstance = 1101000001, ChatId = ChatId.Parse("70000000102@c.us") };

    private const string CallsOfPerson = "FROM persons p JOIN calls c ON c.person_id = p.id WHERE p.account = ?1 AND p.id_instance = ?2 AND p.person = ?3";

    private readonly InboxFolder _folder = new();

    [Fact]
    public async Task FindCalls_CallsOfSeveralPersons_FindsThoseOfOneByTheIndex()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer", "A"));
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("missed", "A"));
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("missed", "B") with { From = Other.ChatId });
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("missed", "C") with { From = null });
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("pickUp", "D"));
        await host.WaitUntilAsync(() => host.Recorder.Events.Any(static callEvent => callEvent.Kind == CallEventKind.CallbackClosed));

        var calls = FindCalls(Client);

        calls.Take(2).Should().Equal(new CallKey(1101000001, "A"), new CallKey(1101000001, "D"));
        calls.Should().HaveCount(3).And.Contain(call => call.IdMessage.StartsWith("callback/", StringComparison.Ordinal));
        FindCalls(Other).Should().Equal(new CallKey(1101000001, "B"));
        Explain($"SELECT c.id_message {CallsOfPerson}").Should().Contain("calls_person").And.NotContain("SCAN");
        Explain("SELECT id FROM persons WHERE open_since IS NOT NULL AND expires_at > 1 ORDER BY open_since, id").Should().Contain("persons_open").And.NotContain("TEMP");
    }

    [Fact]
    public async Task FindCalls_CallerNamedByALaterNotification_FollowsThePerson()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("missed", "A") with { From = ChatId.Parse("100000000000001@lid") });
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer", "A"));

        FindCalls(Client).Should().Equal(new CallKey(1101000001, "A"));
        host.QueryNumber("SELECT COUNT(*) FROM calls WHERE person_id IS NOT NULL").Should().Be(1);
        (await GetCallbacks(host).ListAsync()).Should().ContainSingle().Which.Person.Should().Be(Client);
    }

    [Fact]
    public async Task Callback_TwoWeeksAfterTheLastCall_IsRemovedAndThePersonWithItsCalls()
    {
        await using var host = await StartAsync(options => options.Retention = TimeSpan.FromDays(20));
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("missed", "A"));
        await host.WaitUntilAsync(() => host.Recorder.Events.Count == 1);

        host.Clock.Advance(TimeSpan.FromDays(14) - TimeSpan.FromTicks(1));
        (await GetCallbacks(host).FindAsync(Client)).Should().NotBeNull();
        host.Clock.Advance(TimeSpan.FromTicks(1));
        (await GetCallbacks(host).FindAsync(Client)).Should().BeNull();
        (await GetCallbacks(host).ListAsync()).Should().BeEmpty();

        // The retention runs every ten minutes.
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM persons WHERE state IS NULL AND open_since IS NULL") == 1, TimeSpan.FromMinutes(1));
        FindCalls(Client).Should().ContainSingle("the call is stored longer than its callback");
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM persons") == 0, TimeSpan.FromHours(12));
        host.QueryNumber("SELECT COUNT(*) FROM calls").Should().Be(0);
    }

    [Fact]
    public async Task Accept_StateOfThePersonCannotBeRead_BeginsAgain()
    {
        await using (var host = await StartAsync())
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("missed", "A"));
        }

        _folder.Execute("UPDATE persons SET state = X'7B'");
        await using var next = await StartAsync();

        (await GetCallbacks(next).ListAsync()).Should().BeEmpty();
        (await next.Intake.AcceptAsync(SqliteHost.CreateCall("missed", "B"))).Outcome.Should().Be(IntakeOutcome.Stored);
        (await GetCallbacks(next).FindAsync(Client))!.Calls.Should().Equal(new CallKey(1101000001, "B"));
    }

    [Fact]
    public async Task Accept_CallOfAnEarlierSchema_OpensACallbackWithItsOutcome()
    {
        FixtureInbox.CopyTo("inbox-v3.db", _folder.Path);
        await using var host = await FixtureInbox.StartAsync(_folder.Path, new());
        var person = new Person { Account = "acme", ChatId = ChatId.Parse(FixtureInbox.NamedCaller) };
        FindCalls(person).Should().BeEmpty();

        await host.Intake.AcceptAsync(SqliteHost.CreateCall("missed", "RINGING"));

        (await GetCallbacks(host).FindAsync(person))!.Calls.Should().Equal(new CallKey(1101000001, "RINGING"));
        FindCalls(person).Should().Equal(new CallKey(1101000001, "RINGING"));
    }

    [Fact]
    public async Task Accept_PersonCannotBeWritten_StoresNothingUntilItCan()
    {
        await using var host = await StartAsync();
        _folder.Execute("CREATE TRIGGER fail BEFORE INSERT ON persons BEGIN SELECT RAISE(ABORT, 'no'); END");
        var accepting = async () => await host.Intake.AcceptAsync(SqliteHost.CreateCall("missed", "A"));
        await accepting.Should().ThrowAsync<CallInboxUnavailableException>();
        host.QueryNumber("SELECT COUNT(*) FROM calls").Should().Be(0);
        _folder.Execute("DROP TRIGGER fail");

        (await host.Intake.AcceptAsync(SqliteHost.CreateCall("missed", "A"))).Outcome.Should().Be(IntakeOutcome.Stored);

        (await GetCallbacks(host).FindAsync(Client))!.Count.Should().Be(1);
    }

    [Fact]
    public async Task CloseAsync_InboxClosed_IsUnavailable()
    {
        var host = await StartAsync();
        var callbacks = GetCallbacks(host);
        await host.StopAsync();

        var closing = async () => await callbacks.CloseAsync(Client, null, SqliteHost.Now);

        await closing.Should().ThrowAsync<CallInboxUnavailableException>();
        await host.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    private Task<SqliteHost> StartAsync(Action<SqliteInboxOptions>? options = null) => SqliteHost.StartAsync(
        _folder.Path,
        options,
        calls => calls.AddHandler<RecordingHandler>(handler => (handler.Name, handler.Kinds) = ("closings", [CallEventKind.CallbackClosed])));

    private static ICallbacks GetCallbacks(SqliteHost host) => host.Services.GetRequiredService<ICallbacks>();

    /// <summary>Finds the calls of a person, in the order of their first notification. The closings of callbacks are among them.</summary>
    private List<CallKey> FindCalls(Person person)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Path};Pooling=false");
        connection.Open();
        using var statement = new Statement(connection, $"SELECT c.id_instance, c.id_message {CallsOfPerson} ORDER BY c.id");
        using var rows = statement.Query(person.Account ?? "", person.IdInstance ?? 0, person.Id);
        List<CallKey> calls = [];
        while (rows.Read())
        {
            calls.Add(new(rows.Number(0), rows.Text(1)));
        }

        return calls;
    }

    private string Explain(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Path};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        using var rows = command.ExecuteReader();
        List<string> plan = [];
        while (rows.Read())
        {
            plan.Add(rows.GetString(3));
        }

        return string.Join('\n', plan);
    }
}
