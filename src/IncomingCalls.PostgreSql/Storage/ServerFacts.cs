using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>What a node has found out about the server at its first connection.</summary>
internal sealed class ServerFacts
{
    /// <summary>
    /// The connections that the server, the database and the role leave to this node, as far as they limit them. The counts of sessions are visible to every role. A
    /// limit does not apply to superusers.
    /// </summary>
    private const string FreeConnections = """
        WITH sessions AS (SELECT datid, usesysid FROM pg_catalog.pg_stat_activity WHERE datid IS NOT NULL AND pid <> pg_catalog.pg_backend_pid())
        SELECT LEAST(
            pg_catalog.current_setting('max_connections')::int - pg_catalog.current_setting('superuser_reserved_connections')::int
                - COALESCE(pg_catalog.current_setting('reserved_connections', true)::int, 0) - (SELECT count(*) FROM sessions),
            CASE WHEN d.datconnlimit >= 0 THEN d.datconnlimit - (SELECT count(*) FROM sessions s WHERE s.datid = d.oid) END,
            CASE WHEN r.rolconnlimit >= 0 THEN r.rolconnlimit - (SELECT count(*) FROM sessions s WHERE s.usesysid = r.oid) END)
        FROM pg_catalog.pg_database d, pg_catalog.pg_roles r WHERE d.datname = pg_catalog.current_database() AND r.rolname = session_user
        """;

    /// <summary>The version of the server, such as 150004 for 15.4.</summary>
    public required int Version { get; init; }

    /// <summary>
    /// Whether a pooler may give each transaction another session. Then no setting of a session is possible: it would be missing in the next transaction, and other
    /// clients would have it.
    /// </summary>
    public required bool IsPooled { get; init; }

    /// <summary>How many connections the server leaves to this node; null behind a pooler, whose connections they are not.</summary>
    public required long? FreeConnectionCount { get; init; }

    /// <summary>Connects to the server and examines it.</summary>
    /// <exception cref="NpgsqlException">The server cannot be used; a later attempt may succeed.</exception>
    /// <exception cref="ReadOnlyServerException">The server is a standby.</exception>
    public static async Task<ServerFacts> ExamineAsync(PoolBuilder pools, CancellationToken cancellationToken)
    {
        using var plain = pools.BuildSingle(startupOptions: null);
        await using var connection = await plain.OpenConnectionAsync(cancellationToken);
        // With explicit settings, whatever the role has set.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (version, backend, isStandby) = await QueryAsync(
            connection,
            "SELECT pg_catalog.current_setting('server_version_num')::int, pg_catalog.pg_backend_pid(), pg_catalog.pg_is_in_recovery(), pg_catalog.set_config('statement_timeout', '0', true)",
            static row => (row.GetInt32(0), row.GetInt32(1), row.GetBoolean(2)),
            cancellationToken);
        if (isStandby)
        {
            throw new ReadOnlyServerException();
        }

        // Before another session, which the server still counts for a moment after its end.
        var freeConnections = await QueryAsync(connection, FreeConnections, static row => row.GetInt64(0), cancellationToken);
        var isPooled = backend != connection.ProcessID || !await AppliesStartupOptionsAsync(pools, version, cancellationToken);
        return new()
        {
            Version = version,
            IsPooled = isPooled,
            FreeConnectionCount = isPooled ? null : freeConnections,
        };
    }

    /// <summary>Returns whether startup options have an effect: a pooler refuses or ignores them.</summary>
    private static async Task<bool> AppliesStartupOptionsAsync(PoolBuilder pools, int version, CancellationToken cancellationToken)
    {
        try
        {
            using var source = pools.BuildSingle(new SessionSettings(version, isReadOnly: true).StartupOptions);
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return await QueryAsync(
                connection,
                $"SELECT pg_catalog.pg_backend_pid() = {connection.ProcessID} AND pg_catalog.current_setting('idle_in_transaction_session_timeout') = '{SessionSettings.IdleTimeout}'",
                static row => row.GetBoolean(0),
                cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ProtocolViolation)
        {
            return false;
        }
    }

    private static async Task<T> QueryAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, sql);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return read(row);
    }
}

/// <summary>The server is a standby, on which nothing can be written. A later attempt may succeed, after its promotion.</summary>
internal sealed class ReadOnlyServerException() : NpgsqlException("The server is a standby, which is read-only. Connect to the primary; a connection string with several hosts finds it (Host=db1,db2).");
