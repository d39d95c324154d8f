using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>The names of callers, which nodes share.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class CallerNameTests(PostgresFixture postgres)
{
    private const int Callers = 10;

    private readonly string _schema = postgres.NextSchema();

    [PostgresFact]
    public async Task Store_FailsForEachName_IsLoggedOnce()
    {
        await using var node = await StartAsync();
        await TestNode.ExecuteAsync(postgres, $"ALTER TABLE {_schema}.names RENAME TO names_away");

        await AcceptAsync(node);

        await Eventually.HoldsAsync(() => node.Logs.GetSnapshot().Should().Contain(record => record.Id.Id == 5023));
        await node.StopAsync();
        node.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 5023).And.NotContain(record => record.Id.Id == 5005);
    }

    [PostgresFact]
    public async Task Stop_NamesAreNotStoredYet_StoresThem()
    {
        await using var node = await StartAsync();
        await using var dba = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var connection = await dba.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand($"LOCK TABLE {_schema}.names", connection);
        await hold.ExecuteNonQueryAsync();
        await AcceptAsync(node);
        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().HaveCount(Callers).And.OnlyContain(callEvent => callEvent.Caller.DisplayName == "Ivan"));

        var stopping = node.StopAsync();
        await transaction.CommitAsync();
        await stopping;

        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.names")).Should().Be(Callers);
    }

    private Task<TestNode> StartAsync() => TestNode.StartAsync(postgres, _schema, handlers: static calls =>
        calls.AddCallerNames<Resolver>().AddHandler<RecordingHandler>(static options => (options.Name, options.WaitForCallerName) = ("crm", true)));

    private static Task<IntakeResult[]> AcceptAsync(TestNode node) => Task.WhenAll(Enumerable.Range(0, Callers).Select(i =>
        node.Intake.AcceptAsync(TestNode.CreateCall("declined", $"call-{i}") with { From = ChatId.Parse($"7000000010{i}@c.us") }).AsTask()));

    private sealed class Resolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => new(new CallerName { Name = "Ivan", Source = "test" });
    }
}
