using IncomingCalls.Processes;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests.Hosting;

/// <summary>A PostgreSQL server that the tests share. Each test has a schema of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? _server;
    private int _schemas;

    public PostgresServer Server => _server!;

    public string ConnectionString => _server!.ConnectionString("postgres");

    /// <summary>Gets the name of a schema that no other test uses.</summary>
    public string NextSchema() => $"test_{Interlocked.Increment(ref _schemas)}";

    /// <summary>Creates a role with a name of its own and attributes, and optionally defaults of its sessions; returns its connection string.</summary>
    public async Task<string> CreateRoleAsync(string name, string attributes = "", params string[] settings)
    {
        await TestNode.ExecuteAsync(this, $"CREATE ROLE {name} LOGIN {attributes}; {string.Concat(settings.Select(setting => $"ALTER ROLE {name} SET {setting};"))}");
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Username = name }.ConnectionString;
    }

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

    /// <summary>The tests that take long, beside the others on a server of their own.</summary>
    public const string Conformance = "PostgreSQL conformance";
}

[CollectionDefinition(PostgresCollectionDefinition.Conformance)]
public sealed class ConformanceCollectionDefinition : ICollectionFixture<PostgresFixture>;

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

[AttributeUsage(AttributeTargets.Method)]
public sealed class PoolerFactAttribute : FactAttribute
{
    public PoolerFactAttribute() => Skip = PgBouncer.Missing;
}
