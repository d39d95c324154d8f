using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;

namespace IncomingCalls.Cli.Tests.Inbox;

/// <summary>The commands with <c>--postgres</c>, and the sentences about a database that cannot be used.</summary>
public sealed class PostgresInboxTests(PostgresInbox postgres) : IClassFixture<PostgresInbox>
{
    [PostgresFact]
    public async Task ReadingCommands_ShowTheInbox()
    {
        (await postgres.RunAsync("stats")).Output.Should().Be("pending       0\ndead letters  2\nquarantine    1");
        (await postgres.RunAsync("list")).Lines.Should().HaveCount(2).And.OnlyContain(line => line.Contains("crm: 110100000"));
        (await postgres.RunAsync("list", "--account", "ACME")).Lines.Should().ContainSingle().Which.Should().Contain("1101000001/A1/Missed");
        (await postgres.RunAsync("show", "2")).Output.Should().Contain("handler     crm, account globex");
        (await postgres.RunAsync("show", "1", "--quarantine")).Lines[^1].Should().Contain(HostedInbox.Caller);
        var call = (await postgres.RunAsync("calls", "--chat", HostedInbox.Caller, "--instance", "1101000002")).Lines;
        call.Should().HaveCount(4);
        call[0].Should().Be($"call        1101000002/A2 from {HostedInbox.Caller}@c.us, outcome Missed");
        call[3].Should().StartWith("dead letter 2: crm with Missed failed after 1 attempts. ");
        (await postgres.RunAsync("calls", "--call-id", "A7")).ShouldHaveFailed(ExitCode.Unusable, "No such call is in the PostgreSQL inbox.");
    }

    [PostgresFact]
    public async Task Drained_ReplayRequested_FailsUntilThen()
    {
        await postgres.FillAsync("drained");

        var before = await postgres.RunAsync("drained", "--schema", "drained");
        await postgres.RunAsync("replay", "1", "--schema", "drained");
        var after = await postgres.RunAsync("drained", "--schema", "drained");

        (before.ExitCode, after.ExitCode).Should().Be((0, (int)ExitCode.ProblemsFound));
        before.Lines.Take(3).Should().Equal("drained       yes: nothing is pending", "dead letters  2", "quarantine    1");
    }

    [PostgresFact]
    public async Task Connection_AsAnOption_IsUsed() =>
        (await ToolProcess.RunAsync("inbox", "stats", "--postgres", postgres.ConnectionString, "--json")).Json.Single().GetProperty("deadLetters").GetInt64().Should().Be(2);

    [PostgresFact]
    public async Task ChangingCommands_ChangeTheInboxOfTheSchemaAndLogIt()
    {
        await postgres.FillAsync("changes");

        (await postgres.RunAsync("replay", "1", "--schema", "changes")).Output.Should().Be("1 from the dead letters to be replayed: within seconds if a host is running, otherwise when a host starts.");
        (await postgres.RunAsync("replay", "1", "--schema", "changes")).Output.Should().StartWith("1 from", "the command is idempotent");
        (await postgres.RunAsync("purge", "--account", "globex", "--yes", "--by", "Anna", "--schema", "changes")).Output.Should().Be("1 purged from the dead letters.");
        (await postgres.RunAsync("purge", "1", "--quarantine", "--schema", "changes")).Output.Should().Be("1 purged from the quarantine.");
        (await postgres.RunAsync("purge", "7", "--schema", "changes")).ShouldHaveFailed(ExitCode.Unusable, "There is no item 7 in the dead letters of the PostgreSQL inbox.");

        (await postgres.RunAsync("list", "--schema", "changes")).Lines.Should().ContainSingle().Which.Should().EndWith("(to be replayed)");
        (await postgres.RunAsync("log", "--schema", "changes")).Lines.Should().HaveCount(4)
            .And.ContainSingle(line => line.EndsWith(" Anna purged 1 dead letters: account globex"))
            .And.Contain(line => line.EndsWith($" {Environment.UserName}@{Environment.MachineName} replayed 1 dead letters: id 1"));
        (await postgres.RunAsync("stats")).Lines[1].Should().Be("dead letters  2", "the other schema is unchanged");
    }

    [PostgresFact]
    public async Task Pauses_ListedAndEnded_AreLogged()
    {
        await postgres.FillAsync("paused");
        await postgres.ExecuteAsync(
            """
            INSERT INTO paused.pauses (handler, destination, since, until, is_unavailable, failures, reason)
            VALUES ('crm', 'portal-7', '2026-11-23 15:20:11+00', '2026-11-23 15:35:11+00', true, 4, 'The token was revoked.'), ('crm', 'portal-8', now(), now() + interval '1 hour', false, 0, '')
            """);

        var pauses = await postgres.RunAsync("pauses", "--schema", "paused", "--json");
        var stats = await postgres.RunAsync("stats", "--schema", "paused");
        var resumed = await postgres.RunAsync("resume", "--handler", "crm", "--destination", "portal-7", "--by", "Anna", "--schema", "paused");
        var left = await postgres.RunAsync("pauses", "--schema", "paused");

        pauses.Json.Select(line => line.GetProperty("destination").GetString()).Should().Equal("portal-7", "portal-8");
        stats.Lines[1].Should().Be("paused        2 destinations: 'inbox pauses' lists them");
        resumed.Output.Should().StartWith("1 pauses ended: ");
        left.Lines.Should().ContainSingle().Which.Should().Contain("crm to portal-8: delayed until ");
        (await postgres.RunAsync("log", "--schema", "paused")).Lines.Should().ContainSingle().Which.Should().EndWith(" Anna ended 1 pauses: handler crm, destination portal-7");
        (await postgres.RunAsync("resume", "--destination", "portal-7", "--schema", "paused")).ShouldHaveFailed(ExitCode.Unusable, "No such pause is in the PostgreSQL inbox: ");
    }

    [PostgresFact]
    public async Task Server_Unreachable_ReportsOneSentence() => await ShouldFailAsync(
        "Host=127.0.0.1;Port=1;Username=desk", "The database of the inbox does not respond (ConnectionRefused). Check the host and the port of the connection string, the network, and whether the server runs.");

    [PostgresFact]
    public async Task Host_Unknown_ReportsOneSentence() => await ShouldFailAsync("Host=db.invalid;Username=desk", "The database of the inbox does not respond (");

    [PostgresFact]
    public async Task User_Unknown_ReportsOneSentence() => await ShouldFailAsync(
        $"{postgres.ConnectionString};Username=nobody", "The inbox in the schema incoming_calls cannot be used (SQLSTATE 28000). Check the user and the password in the connection string, and pg_hba.conf of the server.");

    [PostgresFact]
    public async Task Password_Wrong_ReportsOneSentence()
    {
        await postgres.ExecuteAsync(
            """
            CREATE ROLE guarded LOGIN PASSWORD 'another';
            DO $do$ BEGIN
                EXECUTE format('COPY (SELECT line FROM (VALUES (1, %L), (2, %L)) AS lines (n, line) ORDER BY n) TO %L',
                    'host all guarded 127.0.0.1/32 scram-sha-256', 'host all all 127.0.0.1/32 trust', current_setting('hba_file'));
            END $do$;
            SELECT pg_reload_conf();
            """);

        await ShouldFailAsync($"{postgres.ConnectionString};Username=guarded", "The inbox in the schema incoming_calls cannot be used (SQLSTATE 28P01). Check the user and the password in the connection string, and pg_hba.conf of the server.");
    }

    [PostgresFact]
    public async Task Database_Missing_ReportsOneSentence() => await ShouldFailAsync(
        $"{postgres.ConnectionString};Database=none", "The inbox in the schema incoming_calls cannot be used (SQLSTATE 3D000). Create the database, or correct its name in the connection string.");

    [PostgresFact]
    public async Task Schema_Missing_ReportsOneSentence() => await ShouldFailAsync(
        postgres.ConnectionString,
        "The inbox in the schema elsewhere cannot be used (SQLSTATE 42P01). Tables of the inbox are missing, or were changed. Check the database in the connection string and the schema; a host creates missing tables when it starts, others are restored from a backup.",
        "--schema",
        "elsewhere");

    [PostgresFact]
    public async Task Privileges_Missing_ReportsOneSentence()
    {
        await postgres.ExecuteAsync("CREATE ROLE visitor LOGIN");

        await ShouldFailAsync(
            $"{postgres.ConnectionString};Username=visitor",
            "The inbox in the schema incoming_calls cannot be used (SQLSTATE 42501). Grant the role of the inbox what 'incoming-calls inbox schema --sql --role NAME' prints.");
    }

    [PostgresFact]
    public async Task ConnectionString_KeywordMisspelt_IsNamed() => await ShouldFailAsync(
        $"Server=db;Pasword={PostgresInbox.Password}", "The connection string of --postgres has the unknown keyword 'pasword'. Did you mean Password?");

    /// <summary>A semicolon in a password that is not in quotation marks makes a keyword of its rest.</summary>
    [PostgresFact]
    public async Task ConnectionString_PartOfThePasswordLooksLikeAKeyword_IsNotShown() => await ShouldFailAsync(
        $"Server=db;Password=a;{PostgresInbox.Password}=1", "The connection string of --postgres has a keyword that is unknown to Npgsql and not shown, because it may be part of a password.");

    [Theory]
    [InlineData("INCOMING_CALLS_NOT_SET", "The environment variable that --postgres names is not set.")]
    [InlineData(PostgresInbox.Password, "The environment variable that --postgres names is not set.")]
    public async Task Variable_NotSet_ReportsOneSentence(string value, string sentence)
    {
        var result = await ToolProcess.RunAsync("inbox", "stats", "--postgres", value);

        result.ShouldHaveFailed(ExitCode.Unusable, sentence);
        result.Error.Should().NotContain(value, "it may be a password");
    }

    [Fact]
    public async Task Inbox_NotNamed_ReportsOneSentence() =>
        (await ToolProcess.RunAsync("inbox", "stats")).ShouldHaveFailed(ExitCode.Usage, "'stats' requires an inbox file or --postgres. See incoming-calls inbox stats --help.");

    [Fact]
    public async Task Help_Postgres_WarnsOfPasswords() =>
        string.Join(' ', (await ToolProcess.RunAsync("inbox", "stats", "--help")).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Should().Contain("Other users of the machine can see command lines: with a password, use the variable.");

    private static async Task ShouldFailAsync(string connectionString, string sentence, params string[] options)
    {
        foreach (var command in (string[][])[["stats"], ["calls"], ["list"], ["list", "--quarantine"], ["show", "1"], ["replay", "--all"], ["purge", "1"], ["pauses"], ["resume", "--all"], ["log"]])
        {
            var result = await PostgresInbox.RunWithAsync($"{connectionString};Password={PostgresInbox.Password}", [.. command, .. options]);

            result.ShouldHaveFailed(ExitCode.Unusable, sentence);
            result.Error.Should().NotContain(PostgresInbox.Password).And.NotContain("desk");
        }
    }
}
