using IncomingCalls.Processes;

namespace IncomingCalls.PostgreSql.Tests.Hosting;

/// <summary>A PostgreSQL server that the tests share. Each test has a schema of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? _server;
    private int _schemas;

    public string ConnectionString => _server!.ConnectionString("postgres");

    /// <summary>Gets the name of a schema that no other test uses.</summary>
    public string NextSchema() => $"test_{Interlocked.Increment(ref _schemas)}";

    public async Task InitializeAsync() => _server = PostgresServer.Missing is null ? await PostgresServer.StartAsync() : null;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresCollectionDefinition : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresServer.Missing;
}
