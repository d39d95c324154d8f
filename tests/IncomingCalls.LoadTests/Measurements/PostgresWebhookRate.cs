using IncomingCalls.Processes;

namespace IncomingCalls.LoadTests;

/// <summary>Requests per second with the PostgreSQL inbox, counted when handled, divided by those of another endpoint. Both use one server of PostgreSQL, with a database each.</summary>
internal sealed class PostgresWebhookRate(string name, Budget budget, ServerKind baseline, Budget rateBudget) : Measurement
{
    public override string Name => name;

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var first = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(baseline.ToString(), await PostgresDatabase.CreateAsync(postgres, "baseline")));
        await using var second = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Postgres), await PostgresDatabase.CreateAsync(postgres, "subject")));
        var comparison = await LoadComparison.RunAsync(first, second, options);
        return [comparison.ToFigure(Name, budget), Figure.FromSample($"{Name}.rate", rateBudget, comparison.SubjectRates, "")];
    }
}

/// <summary>Databases of a measurement.</summary>
internal static class PostgresDatabase
{
    /// <summary>Creates a database; returns its connection string.</summary>
    public static async Task<string> CreateAsync(PostgresServer postgres, string name)
    {
        await ExecuteAsync(postgres.ConnectionString("postgres"), $"CREATE DATABASE {name}");
        return postgres.ConnectionString(name);
    }

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<T> QueryAsync<T>(string connectionString, string sql)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
