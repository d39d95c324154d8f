using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests;

[Collection(PostgresCollectionDefinition.Conformance)]
public class PostgreSqlInboxConformanceTests(PostgresFixture postgres)
{
    public static TheoryData<string> Cases => [.. InboxConformance.Cases.Select(promise => promise.Name)];

    [PostgresTheory]
    [MemberData(nameof(Cases))]
    public Task Conformance_PostgreSqlInbox_Passes(string name) =>
        InboxConformance.Cases.Single(promise => promise.Name == name).RunAsync(new PostgreSqlInboxUnderTest(postgres));
}

internal sealed class PostgreSqlInboxUnderTest(PostgresFixture postgres) : InboxUnderTest
{
    private readonly string _schema = postgres.NextSchema();

    public override void Register(IIncomingCallsBuilder builder)
    {
        // The cases set the time of the host, which the server does not know.
        builder.Services.AddSingleton(static provider => new DatabaseClock(provider.GetRequiredService<TimeProvider>(), NullLogger.Instance, followsDatabase: false));
        builder.UsePostgreSqlInbox(options =>
        {
            options.ConnectionString = postgres.ConnectionString;
            options.Schema = _schema;
        });
        ForgetHandlers();
    }

    /// <summary>The case of a handler that is no longer registered does not wait for a day: the hosts before this one were stopped two days ago.</summary>
    private void ForgetHandlers()
    {
        using var connection = new NpgsqlConnection(postgres.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(
            $"DO $$ BEGIN UPDATE {_schema}.handlers SET seen_at = seen_at - interval '2 days'; EXCEPTION WHEN undefined_table OR invalid_schema_name THEN NULL; END $$", connection);
        command.ExecuteNonQuery();
    }
}
