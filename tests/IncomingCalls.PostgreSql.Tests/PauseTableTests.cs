using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>What two nodes write about one destination.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class PauseTableTests(PostgresFixture postgres)
{
    private static readonly LaneGroup Lane = new("crm", "portal-7");
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly string _schema = postgres.NextSchema();

    /// <summary>The first node was paused for so long that another one has begun the next probe.</summary>
    [PostgresFact]
    public async Task EndProbe_AnotherNodeHasBegunOne_LeavesThatOfTheOther()
    {
        await using var node = await TestNode.StartAsync(postgres, _schema);
        var (table, pool) = (new PauseTable(new(_schema)), node.Services.GetRequiredService<InboxDatabase>().Starts);
        await WriteAsync(table, CreatePause(isUnavailable: true, Now - TimeSpan.FromSeconds(10)));
        var (first, second) = (Now + TimeSpan.FromSeconds(30), Now + TimeSpan.FromSeconds(90));
        (await table.TryBeginProbeAsync(pool, Lane, Now, first, CancellationToken.None)).Should().BeTrue();
        (await table.TryBeginProbeAsync(pool, Lane, first, second, CancellationToken.None)).Should().BeTrue();

        await table.EndProbeAsync(pool, Lane, first);
        (await table.TryBeginProbeAsync(pool, Lane, first, second, CancellationToken.None)).Should().BeFalse("the second probe is running");

        await table.EndProbeAsync(pool, Lane, second);
        (await table.TryBeginProbeAsync(pool, Lane, first, second, CancellationToken.None)).Should().BeTrue();
    }

    /// <summary>There is no row that the nodes could lock.</summary>
    [PostgresTheory]
    [InlineData(true, 30, false, 600)]
    [InlineData(false, 600, true, 30)]
    [InlineData(true, 600, true, 30)]
    [InlineData(true, 30, true, 600)]
    public async Task Write_FirstPauseOfTwoNodes_IsUnavailableAndHasTheLaterEnd(bool isFirstUnavailable, int firstSeconds, bool isSecondUnavailable, int secondSeconds)
    {
        await using var node = await TestNode.StartAsync(postgres, _schema);
        var table = new PauseTable(new(_schema));
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        (await table.LockAsync(connection, Lane.HandlerName, Lane.Destination!)).Should().BeNull();
        await WriteAsync(table, CreatePause(isFirstUnavailable, Now + TimeSpan.FromSeconds(firstSeconds)));

        await WriteAsync(table, CreatePause(isSecondUnavailable, Now + TimeSpan.FromSeconds(secondSeconds)), connection);
        await transaction.CommitAsync();

        (await node.Administration.ListPausesAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(
            CreatePause(isUnavailable: true, Now + TimeSpan.FromSeconds(600)),
            options => options.Using<DateTimeOffset>(context => context.Subject.Should().BeCloseTo(context.Expectation, TimeSpan.FromMilliseconds(1))).WhenTypeIs<DateTimeOffset>());
    }

    [PostgresFact]
    public async Task Write_LockedPause_IsReplaced()
    {
        await using var node = await TestNode.StartAsync(postgres, _schema);
        var table = new PauseTable(new(_schema));
        var before = CreatePause(isUnavailable: true, Now + TimeSpan.FromSeconds(600));
        await WriteAsync(table, before);

        await WriteAsync(table, CreatePause(isUnavailable: false, Now + TimeSpan.FromSeconds(30)), before: before);

        (await node.Administration.ListPausesAsync()).Should().ContainSingle().Which.Should().Match<DestinationPause>(pause => !pause.IsUnavailable && pause.Until < before.Until);
    }

    private static DestinationPause CreatePause(bool isUnavailable, DateTimeOffset until) => new()
    {
        Handler = Lane.HandlerName,
        Destination = Lane.Destination!,
        Since = Now - TimeSpan.FromMinutes(1),
        Until = until,
        IsUnavailable = isUnavailable,
        Failures = isUnavailable ? 1 : 0,
        Reason = isUnavailable ? "The token was revoked." : "Too many requests.",
    };

    private async Task WriteAsync(PauseTable table, DestinationPause pause, NpgsqlConnection? connection = null, DestinationPause? before = null)
    {
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var other = connection is null ? await database.OpenConnectionAsync() : null;
        await using var batch = new NpgsqlBatch(connection ?? other)
        {
            BatchCommands = { table.Write(new() { Handler = pause.Handler, Destination = pause.Destination, Before = before, After = pause }) },
        };
        await batch.ExecuteNonQueryAsync();
    }
}
