using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>
/// The connections of a node, in pools of their own: a claim is a transaction that is open while a handler runs, and busy handlers must not keep accepting from
/// getting a connection.
/// </summary>
internal sealed class InboxDatabase : IDisposable
{
    private readonly SemaphoreSlim _examining = new(1);
    private readonly PoolBuilder _pools;
    private volatile ServerFacts? _server;

    /// <summary>Creates the pools; nothing is connected yet.</summary>
    /// <param name="pools">Builds the pools.</param>
    /// <param name="schema">The tables.</param>
    /// <param name="claims">The maximum number of claims.</param>
    public InboxDatabase(PoolBuilder pools, InboxSchema schema, int claims)
    {
        Schema = schema;
        _pools = pools;
        Accepting = new("accepting", 6, _pools, GetServerAsync) { IsShort = true };
        // After a ROLLBACK by a handler, its statements would be committed one by one; with a session that is read-only outside of the claim they fail instead.
        Claims = new("claims", claims, _pools, GetServerAsync) { IsReadOnly = true };
        Alerts = new("alerts", 6, _pools, GetServerAsync) { IsReadOnly = true };
        Starts = new("starts", 4, _pools, GetServerAsync);
        // With its settings from the start of the session, a look is one statement.
        Looks = new("looks", 1, _pools, GetServerAsync) { UsesIndexesOnly = true };
        Other = new("inbox", 3, _pools, GetServerAsync);
        Polling = new("polling", 1, _pools, GetServerAsync);
    }

    public InboxSchema Schema { get; }

    /// <summary>The connections that accept notifications.</summary>
    public InboxPool Accepting { get; }

    /// <summary>The connections that hold a delivery while its handler runs.</summary>
    public InboxPool Claims { get; }

    /// <summary>The connections that hold an operator alert while its notifier runs: busy handlers do not keep it waiting.</summary>
    public InboxPool Alerts { get; }

    /// <summary>The connections that record the start of an attempt and write the values of its handler, while another one holds its claim.</summary>
    public InboxPool Starts { get; }

    /// <summary>The connection that looks for due work.</summary>
    public InboxPool Looks { get; }

    /// <summary>All other connections: maintenance, administration. None of them is held while another one is waited for.</summary>
    public InboxPool Other { get; }

    /// <summary>The connection that holds the lock of the node that polls.</summary>
    public InboxPool Polling { get; }

    /// <summary>The maximum number of connections of this node.</summary>
    public int ConnectionCount => All.Sum(static pool => pool.Size);

    private InboxPool[] All => [Accepting, Claims, Alerts, Starts, Looks, Other, Polling];

    /// <summary>Gets the server, and examines it first if that has not succeeded before.</summary>
    /// <exception cref="NpgsqlException">The server cannot be used; a later attempt may succeed.</exception>
    public async ValueTask<ServerFacts> GetServerAsync(CancellationToken cancellationToken)
    {
        if (_server is { } server)
        {
            return server;
        }

        await _examining.WaitAsync(cancellationToken);
        try
        {
            return _server ??= await ServerFacts.ExamineAsync(_pools, cancellationToken);
        }
        finally
        {
            _examining.Release();
        }
    }

    /// <summary>Checks that the role may read and write all tables.</summary>
    /// <exception cref="MissingPrivilegeException">The role lacks a privilege.</exception>
    /// <exception cref="NpgsqlException">The server cannot be used.</exception>
    public async Task RequirePrivilegesAsync(CancellationToken cancellationToken)
    {
        const string Missing = """
            SELECT current_user::text, privilege, name FROM unnest($1) name CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) privilege
            WHERE NOT pg_catalog.has_table_privilege(name, privilege) LIMIT 1
            """;
        var missing = await Other.QueryAsync(
            Missing,
            static row => (Role: row.GetString(0), Privilege: row.GetString(1), Table: row.GetString(2)),
            cancellationToken,
            Parameter.Of(Schema.WrittenTables));
        if (missing is [var first])
        {
            throw new MissingPrivilegeException(
                $"The role {first.Role} lacks the privilege {first.Privilege} on {first.Table} (42501). A DBA executes what 'incoming-calls inbox schema --sql --schema {Schema.Name} --role {first.Role}' prints.");
        }
    }

    /// <summary>
    /// Checks that a data source leads to the database of the inbox. Every role may take an advisory lock, which exists once per database: a lock that one side holds
    /// cannot be taken on the other one.
    /// </summary>
    /// <exception cref="InvalidOperationException">The data source leads to another database.</exception>
    /// <exception cref="NpgsqlException">A server cannot be used.</exception>
    public async Task RequireSameAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var key = Random.Shared.NextInt64();
        await using var own = await Other.OpenConnectionAsync(cancellationToken);
        await using var transaction = await Other.BeginTransactionAsync(own, cancellationToken);
        await using var hold = Parameter.Create(own, "SELECT pg_advisory_xact_lock($1)", Parameter.Of(key));
        await hold.ExecuteNonQueryAsync(cancellationToken);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var probing = await connection.BeginTransactionAsync(cancellationToken);
        await using var probe = Parameter.Create(connection, "SELECT pg_try_advisory_xact_lock($1)", Parameter.Of(key));
        if (await probe.ExecuteScalarAsync(cancellationToken) is true)
        {
            throw new InvalidOperationException("The data source that was passed to UsePostgreSqlInbox and IncomingCalls:PostgreSql:ConnectionString lead to different databases, so a handler could not write in the transaction of its event. Use the same database, or pass no data source.");
        }
    }

    public void Dispose()
    {
        foreach (var pool in All)
        {
            pool.Dispose();
        }

        _examining.Dispose();
    }
}

/// <summary>The role of the inbox lacks a privilege. A later attempt may succeed.</summary>
internal sealed class MissingPrivilegeException(string message) : NpgsqlException(message);
