using IncomingCalls.PostgreSql.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace IncomingCalls.PostgreSql.Administration;

/// <summary>The administration of an inbox from outside of its nodes, with one connection. It creates no tables.</summary>
internal sealed class PostgreSqlInboxConnection : IDisposable
{
    private readonly InboxDatabase _database;

    /// <param name="connectionString">The connection string of the database.</param>
    /// <param name="schema">The name of the schema, which <see cref="PostgreSqlInboxOptionsValidator.IsName"/>.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">The connection string is invalid.</exception>
    public PostgreSqlInboxConnection(string connectionString, string schema, TimeProvider time)
    {
        // Parsed now: the pools are built with the first connection.
        _ = new NpgsqlConnectionStringBuilder(connectionString);
        _database = new(new(connectionString, host: null, configure: null), new(schema), claims: 1);
        Administration = new(_database, new(time, NullLogger.Instance));
    }

    public PostgreSqlInboxAdministration Administration { get; }

    public void Dispose() => _database.Dispose();
}
