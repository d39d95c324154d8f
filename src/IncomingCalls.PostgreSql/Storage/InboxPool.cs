using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>
/// A pool of connections with one purpose. It is built when the server is known: a session of its own gets its settings at its start, and a session that a pooler
/// shares gets them in each transaction. Thread-safe.
/// </summary>
/// <param name="purpose">The purpose, which the application name ends with.</param>
/// <param name="size">The maximum number of connections.</param>
/// <param name="pools">Builds the pool.</param>
/// <param name="connect">Gets the server, and examines it first if that has not succeeded before.</param>
internal sealed class InboxPool(string purpose, int size, PoolBuilder pools, Func<CancellationToken, ValueTask<ServerFacts>> connect) : IDisposable
{
    private readonly Lock _gate = new();
    private volatile Built? _built;

    /// <summary>The maximum number of connections.</summary>
    public int Size => size;

    /// <summary>Whether a statement outside of the transactions of <see cref="BeginTransactionAsync"/> may write nothing, where the session is not shared.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether a transaction lasts seconds at most, because nothing outside of the database is waited for.</summary>
    public bool IsShort { get; init; }

    /// <summary>Whether the planner uses indexes where it can.</summary>
    public bool UsesIndexesOnly { get; init; }

    /// <summary>Whether a pooler shares the sessions of the connections that were opened.</summary>
    public bool IsShared => _built is { IsShared: true };

    /// <summary>Opens a connection.</summary>
    /// <exception cref="NpgsqlException">The server cannot be used, or no connection became free in time.</exception>
    public async ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken = default)
    {
        var built = _built ?? Build(await connect(cancellationToken));
        return await built.Source.OpenConnectionAsync(cancellationToken);
    }

    /// <summary>Gets the commands with which a transaction of this pool begins, to be sent with its first statements.</summary>
    public IEnumerable<NpgsqlBatchCommand> CreateBeginning() => _built!.Beginning.Select(static sql => new NpgsqlBatchCommand(sql));

    /// <summary>Begins a transaction on a connection of this pool: READ COMMITTED, READ WRITE, with the settings of the inbox.</summary>
    public async Task<NpgsqlTransaction> BeginTransactionAsync(NpgsqlConnection connection, CancellationToken cancellationToken = default)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (_built!.Beginning.Length > 0)
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var command in CreateBeginning())
            {
                batch.BatchCommands.Add(command);
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        return transaction;
    }

    /// <summary>Runs statements that need no common transaction on a connection of this pool; behind a pooler in a transaction, which is what has the settings of the inbox.</summary>
    public async Task<T> RunAsync<T>(NpgsqlConnection connection, Func<Task<T>> run, CancellationToken cancellationToken = default)
    {
        if (!IsShared)
        {
            return await run();
        }

        await using var transaction = await BeginTransactionAsync(connection, cancellationToken);
        var result = await run();
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    /// <summary>Executes one statement on a connection of its own; returns the number of affected rows.</summary>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var connection = await OpenConnectionAsync(cancellationToken);
        await using var command = Parameter.Create(connection, sql, parameters);
        return await RunAsync(connection, () => command.ExecuteNonQueryAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Queries rows on a connection of its own.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var connection = await OpenConnectionAsync(cancellationToken);
        return await RunAsync(
            connection,
            async () =>
            {
                List<T> rows = [];
                await using var command = Parameter.Create(connection, sql, parameters);
                await using var row = await command.ExecuteReaderAsync(cancellationToken);
                while (await row.ReadAsync(cancellationToken))
                {
                    rows.Add(read(row));
                }

                return rows;
            },
            cancellationToken);
    }

    /// <summary>
    /// A statement that takes no snapshot and drops that of the statement before: until the next statement, an open transaction would hold it, and CREATE INDEX
    /// CONCURRENTLY would wait for the end of the transaction.
    /// </summary>
    public const string Ping = "SHOW transaction_isolation";

    /// <summary>Pings the server.</summary>
    public static async Task PingAsync(NpgsqlConnection connection, CancellationToken cancellationToken = default)
    {
        await using var command = Parameter.Create(connection, Ping);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Runs work, and once more with new sessions if its session has ended: after a restart of the server, every session in the pool is one that has ended. The work must be idempotent, since its commit may have
    /// succeeded.
    /// </summary>
    public async Task<T> RunWithNewSessionsAsync<T>(Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (DatabaseFailure.IsSessionLost(e))
        {
            Clear();
            return await run();
        }
    }

    /// <summary>Closes all sessions: those that are in use when their connection is closed.</summary>
    public void Clear() => _built?.Source.Clear();

    public void Dispose() => _built?.Source.Dispose();

    private Built Build(ServerFacts server)
    {
        lock (_gate)
        {
            if (_built is null)
            {
                var settings = new SessionSettings(server.Version, IsReadOnly, IsShort, UsesIndexesOnly);
                _built = new(pools.Build(purpose, size, settings, server), server.IsPooled ? settings.SharedTransactionStatements : settings.TransactionStatements, server.IsPooled);
            }

            return _built;
        }
    }

    /// <param name="Source">The connections.</param>
    /// <param name="Beginning">The statements at the beginning of a transaction.</param>
    /// <param name="IsShared">Whether a pooler shares the sessions.</param>
    private sealed record Built(ConnectionSource Source, string[] Beginning, bool IsShared);
}
