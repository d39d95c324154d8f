using IncomingCalls.PostgreSql.Storage;
using Npgsql;

namespace IncomingCalls.PostgreSql.Administration;

/// <summary>The administration of an inbox from outside of its nodes, with one connection. It creates no tables.</summary>
internal sealed class PostgreSqlInboxConnection : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;

    /// <param name="connectionString">The connection string of the database.</param>
    /// <param name="schema">The name of the schema, which <see cref="PostgreSqlInboxOptionsValidator.IsName"/>.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">The connection string is invalid.</exception>
    public PostgreSqlInboxConnection(string connectionString, string schema, TimeProvider time)
    {
        _database = InboxDatabase.Create(connectionString, "administration", connections: 1, isReadOnly: false);
        Administration = new(_database, new InboxSchema(schema), time);
    }

    public PostgreSqlInboxAdministration Administration { get; }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
