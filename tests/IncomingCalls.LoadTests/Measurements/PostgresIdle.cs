using System.Globalization;
using IncomingCalls.Processes;

namespace IncomingCalls.LoadTests;

/// <summary>The statements per second that two idle nodes send to PostgreSQL, counted by its extension pg_stat_statements.</summary>
internal sealed class PostgresIdle : Measurement
{
    private const string Count = "SELECT SUM(calls)::bigint FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%'";
    private static readonly Budget Budget = Budget.AtMost(5, unit: "/s");

    public override string Name => "postgres.idle";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        await using var postgres = await PostgresServer.StartAsync(new() { Settings = ["shared_preload_libraries=pg_stat_statements"] });
        var database = postgres.ConnectionString("postgres");
        await PostgresDatabase.ExecuteAsync(database, "CREATE EXTENSION pg_stat_statements");
        await using var first = await ServerProcess.StartAsync(nameof(ServerKind.Postgres), database);
        await using var second = await ServerProcess.StartAsync(nameof(ServerKind.Postgres), database);
        var time = options.IsQuick ? TimeSpan.FromSeconds(20) : TimeSpan.FromSeconds(70);
        var before = await PostgresDatabase.QueryAsync<long>(database, Count);
        await Task.Delay(time);
        var statements = await PostgresDatabase.QueryAsync<long>(database, Count) - before;
        return [new() { Name = Name, Value = statements / time.TotalSeconds, Budget = Budget, Detail = string.Create(CultureInfo.InvariantCulture, $"{statements} statements of two nodes in {time.TotalSeconds:0} s") }];
    }
}
