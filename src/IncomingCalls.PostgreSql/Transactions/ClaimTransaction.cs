using System.Collections.Concurrent;
using IncomingCalls.PostgreSql.Storage;
using Npgsql;

namespace IncomingCalls.PostgreSql.Transactions;

/// <summary>
/// The transaction of a claim, which the handler may take part in. The inbox writes the result of the attempt in it and commits it; when a handler that takes part
/// fails, the whole transaction is given up.
/// </summary>
internal sealed class ClaimTransaction(InboxSchema schema, NpgsqlTransaction transaction, long deliveryId, string id) : IDisposable
{
    /// <summary>What a handler may take beyond its timeout before the server ends its session.</summary>
    private static readonly TimeSpan IdleReserve = TimeSpan.FromSeconds(15);

    /// <summary>DISCARD ALL without its removal of the prepared statements, which the next attempts use.</summary>
    private const string Reset = "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); DISCARD SEQUENCES; DISCARD TEMP";

    private readonly SemaphoreSlim _gate = new(1);

    private string? _transactionId;

    /// <summary>The session at the server: behind a pooler, the id that the connection has is not it.</summary>
    private int _backendId;

    private bool _hasEnded;

    /// <summary>The id of the transaction.</summary>
    public string Id => id;

    /// <summary>The transaction, once the handler takes part in it; null before.</summary>
    public NpgsqlTransaction? Begun => IsBegun ? transaction : null;

    /// <summary>The keys of values that the handler has written in the transaction, and that are not committed yet.</summary>
    public ConcurrentDictionary<HandlerKey, bool> WrittenKeys { get; } = [];

    /// <summary>Whether the handler has called BeginAsync. From then on only the handler uses the connection, until its attempt ends.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>Begins the part of the handler.</summary>
    /// <param name="timeout">How long the handler may run.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public async Task<NpgsqlTransaction> BeginAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_hasEnded)
            {
                throw new InvalidOperationException("The attempt has ended, and with it its transaction. A handler must not use it after its timeout.");
            }

            if (!IsBegun)
            {
                IsBegun = true;
                await using var batch = new NpgsqlBatch(transaction.Connection!, transaction);
                // The database refuses to commit while this row exists; the inbox deletes it.
                batch.BatchCommands.Add(Parameter.CreateForBatch($"INSERT INTO {schema.Guards} (delivery_id) VALUES ($1)", Parameter.Of(deliveryId)));
                batch.BatchCommands.Add(Parameter.CreateForBatch(
                    "SELECT set_config('idle_in_transaction_session_timeout', $1, true)", Parameter.Of($"{(long)(timeout + IdleReserve).TotalMilliseconds}")));
                // The plans of the handler are its own.
                batch.BatchCommands.Add(Parameter.CreateForBatch("SET LOCAL enable_seqscan TO DEFAULT"));
                batch.BatchCommands.Add(Parameter.CreateForBatch("SET LOCAL enable_bitmapscan TO DEFAULT"));
                batch.BatchCommands.Add(Parameter.CreateForBatch("SET LOCAL jit TO DEFAULT"));
                batch.BatchCommands.Add(Parameter.CreateForBatch("SELECT pg_backend_pid(), pg_current_xact_id()::text"));
                await using var row = await batch.ExecuteReaderAsync(cancellationToken);
                await row.NextResultAsync(cancellationToken);
                await row.ReadAsync(cancellationToken);
                (_backendId, _transactionId) = (row.GetInt32(0), row.GetString(1));
            }

            return transaction;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Pings the server unless the handler uses the connection.</summary>
    /// <exception cref="NpgsqlException">The connection is lost.</exception>
    public async Task PingAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (!IsBegun)
            {
                await InboxPool.PingAsync(transaction.Connection!);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the part of the handler, whatever its result; returns whether it took part. From then on BeginAsync throws.</summary>
    public async Task<bool> StopAsync()
    {
        await _gate.WaitAsync();
        _hasEnded = true;
        _gate.Release();
        return IsBegun;
    }

    /// <summary>Deletes the guard of a handler that has succeeded, before the result of the attempt is written.</summary>
    /// <exception cref="InvalidOperationException">The handler has ended the transaction, or uses the connection still.</exception>
    public async Task EndAsync()
    {
        if (!IsBegun)
        {
            return;
        }

        if (await GetIdAsync(CancellationToken.None) != _transactionId)
        {
            throw new InvalidOperationException("The handler has ended the transaction of the event. The inbox commits it; remove Commit and Rollback from the handler.");
        }

        await ExecuteAsync($"RESET ROLE; DELETE FROM {schema.Guards} WHERE delivery_id = {deliveryId}");
    }

    /// <summary>Resets what the handler has set in the session, once the transaction is committed: it must not be there for the next attempt.</summary>
    public static async Task ResetSessionAsync(NpgsqlConnection connection)
    {
        await using var command = Parameter.Create(connection, Reset);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Ends the session of the transaction, so that nothing that the handler has written or still writes in it can be committed. A session that a pooler shares is ended only
    /// while this transaction is open in it.
    /// </summary>
    /// <param name="other">Another connection.</param>
    /// <param name="isShared">Whether a pooler shares the session.</param>
    public async Task EndSessionAsync(NpgsqlConnection other, bool isShared)
    {
        if (_transactionId is null)
        {
            // The handler has never received the transaction.
            return;
        }

        const string Terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND (NOT $2 OR backend_xid = $3::xid8::xid)";
        await using var command = Parameter.Create(other, Terminate, Parameter.Of(_backendId), Parameter.Of(isShared), Parameter.Of(_transactionId));
        await command.ExecuteNonQueryAsync();
    }

    public void Dispose() => _gate.Dispose();

    private async Task<string?> GetIdAsync(CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(transaction.Connection ?? throw new InvalidOperationException("The handler has disposed of the transaction of the event."), "SELECT pg_current_xact_id_if_assigned()::text");
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = Parameter.Create(transaction.Connection ?? throw new InvalidOperationException("The handler has disposed of the transaction of the event."), sql);
        await command.ExecuteNonQueryAsync();
    }
}
