using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

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
            // The case of a handler that is no longer registered does not wait for a day.
            options.MissingHandlerTimeout = TimeSpan.Zero;
        });
    }
}
