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

    [PostgresTheory]
    [InlineData("+70000000101", "+70000000101")]
    [InlineData(null, "")]
    public async Task Number_FoundBeforeARestart_IsKnownToTheNextNodeAndNotLookedUpAgain(string? number, string stored)
    {
        var numbers = new KnownNumbers(number);
        await using (var node = await StartAsync(numbers))
        {
            await node.Intake.AcceptAsync(CreateLidCall("A"));
            await Eventually.HoldsAsync(async () =>
                (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.names WHERE name = 'Ivan' AND phone = '{stored}' AND phone_expires_at > expires_at")).Should().Be(1));
        }

        await using var next = await StartAsync(numbers);
        await next.Intake.AcceptAsync(CreateLidCall("B"));

        await Eventually.HoldsAsync(() => next.Recorder.Events.Should().ContainSingle().Which.Caller.Should().BeEquivalentTo(new { Name = "Ivan", PhoneNumber = number }));
        numbers.Queries.Should().Be(1);
    }

    [PostgresFact]
    public async Task Number_WithoutAName_IsStoredUntilItHasExpired()
    {
        var numbers = new KnownNumbers("+70000000101");
        await using (var node = await TestNode.StartAsync(postgres, _schema, handlers: calls => calls.AddHandler<RecordingHandler>("crm").Services.AddSingleton<ICallerNumberResolver>(numbers)))
        {
            await node.Intake.AcceptAsync(CreateLidCall("A"));
            await Eventually.HoldsAsync(async () =>
                (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.names WHERE name = '' AND phone = '+70000000101' AND phone_expires_at = expires_at")).Should().Be(1));
        }

        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.names SET phone_expires_at = now() - interval '1 second', expires_at = now() - interval '1 second'");
        await using var next = await TestNode.StartAsync(postgres, _schema, handlers: calls => calls.AddHandler<RecordingHandler>("crm").Services.AddSingleton<ICallerNumberResolver>(numbers));
        await next.Intake.AcceptAsync(CreateLidCall("B"));

        await Eventually.HoldsAsync(() => numbers.Queries.Should().Be(2));
        await Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.names WHERE expires_at > now() AND phone_expires_at = expires_at")).Should().Be(1));
    }

    private static IncomingCallNotification CreateLidCall(string id) => TestNode.CreateCall("declined", id) with { From = ChatId.Parse("100000000000001@lid") };

    private Task<TestNode> StartAsync(KnownNumbers numbers) => TestNode.StartAsync(postgres, _schema, handlers: calls =>
    {
        calls.Services.AddSingleton<ICallerNumberResolver>(numbers);
        calls.AddCallerNames<Resolver>().AddHandler<RecordingHandler>(static options => (options.Name, options.WaitForCallerName) = ("crm", true));
    });

    private Task<TestNode> StartAsync() => TestNode.StartAsync(postgres, _schema, handlers: static calls =>
        calls.AddCallerNames<Resolver>().AddHandler<RecordingHandler>(static options => (options.Name, options.WaitForCallerName) = ("crm", true)));

    private static Task<IntakeResult[]> AcceptAsync(TestNode node) => Task.WhenAll(Enumerable.Range(0, Callers).Select(i =>
        node.Intake.AcceptAsync(TestNode.CreateCall("declined", $"call-{i}") with { From = ChatId.Parse($"7000000010{i}@c.us") }).AsTask()));

    private sealed class KnownNumbers(string? number) : ICallerNumberResolver
    {
        private int _queries;

        public int Queries => Volatile.Read(ref _queries);

        public ValueTask<CallerNumber?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _queries);
            return new(new CallerNumber { PhoneNumber = number, CacheDuration = TimeSpan.FromDays(1) });
        }
    }

    private sealed class Resolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => new(new CallerName { Name = "Ivan", Source = "test" });
    }
}
