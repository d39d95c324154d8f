using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;
using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>
/// Reads and writes the table <c>erasures</c>, which contains the reports of erasures. What stores something of a caller first takes a shared lock and then reads the erasures; an erasure commits its
/// report and then waits for those that hold the lock. So a transaction either knows the erasure, or is committed when the erasure searches the tables.
/// </summary>
internal sealed class ErasureTable(InboxSchema schema)
{
    /// <summary>While an erasure waits for the lock, so does accepting.</summary>
    private const string LimitWait = "SET LOCAL lock_timeout = '1s'";

    private static readonly JsonTypeInfo<ErasureReport> TypeInfo = (JsonTypeInfo<ErasureReport>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(ErasureReport));

    private readonly string _share = $"SELECT pg_advisory_xact_lock_shared(hashtext('incoming_calls.erasure:{schema.Name}'))";
    private readonly string _wait = $"SELECT pg_advisory_xact_lock(hashtext('incoming_calls.erasure:{schema.Name}'))";
    private readonly string _after = $"SELECT report FROM {schema.Erasures} WHERE at > $1";
    private readonly string _newest = $"SELECT report FROM {schema.Erasures} ORDER BY at DESC, id DESC LIMIT $1";
    private readonly string _find = $"SELECT report FROM {schema.Erasures} WHERE id = $1";
    private readonly string _write = $"INSERT INTO {schema.Erasures} (id, at, report) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET report = excluded.report";

    /// <summary>Creates the commands with which a transaction takes the shared lock and reads the erasures after a time; their results are read with <see cref="ReadAsync"/>.</summary>
    public IEnumerable<NpgsqlBatchCommand> FindAfter(DateTimeOffset at) => [Parameter.CreateForBatch(_share), Parameter.CreateForBatch(_after, Parameter.Of(at.ToUniversalTime()))];

    /// <summary>Reads the results of <see cref="FindAfter"/>, and advances to the one behind them.</summary>
    public static async Task<ErasureList> ReadAsync(NpgsqlDataReader row, CancellationToken cancellationToken)
    {
        await row.NextResultAsync(cancellationToken);
        List<byte[]>? reports = null;
        while (await row.ReadAsync(cancellationToken))
        {
            (reports ??= []).Add(row.GetFieldValue<byte[]>(0));
        }

        await row.NextResultAsync(cancellationToken);
        return reports is null ? ErasureList.Empty : ErasureList.FromJson(reports, TypeInfo);
    }

    /// <summary>Takes the shared lock for the open transaction, and reads the erasures after a time.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="at">The time.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <param name="next">Commands without a needed result that are executed with it.</param>
    public async Task<ErasureList> FindAfterAsync(NpgsqlConnection connection, DateTimeOffset at, CancellationToken cancellationToken, params NpgsqlBatchCommand[] next)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in FindAfter(at).Concat(next))
        {
            batch.BatchCommands.Add(command);
        }

        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(row, cancellationToken);
    }

    /// <summary>Waits until no transaction holds the shared lock that began before this; returns false when one does for too long.</summary>
    public async Task<bool> TryWaitAsync(InboxPool pool, CancellationToken cancellationToken)
    {
        await using var connection = await pool.OpenConnectionAsync(cancellationToken);
        await using var transaction = await pool.BeginTransactionAsync(connection, cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Parameter.CreateForBatch(LimitWait), Parameter.CreateForBatch(_wait) } };
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    /// <summary>Inserts a report, or replaces the one with the same id.</summary>
    public Task WriteAsync(InboxPool pool, ErasureReport report, CancellationToken cancellationToken) => pool.ExecuteAsync(
        _write, cancellationToken, Parameter.Of(report.Id), Parameter.Of(report.At.ToUniversalTime()), Parameter.Of(JsonSerializer.SerializeToUtf8Bytes(report, TypeInfo)));

    /// <summary>Finds a report; null when there is none.</summary>
    /// <exception cref="JsonException">The report cannot be read.</exception>
    public async Task<ErasureReport?> FindAsync(InboxPool pool, Guid id, CancellationToken cancellationToken) =>
        await pool.QueryAsync(_find, Read, cancellationToken, Parameter.Of(id)) is [var report] ? report : null;

    /// <summary>Reads the newest reports, newest first.</summary>
    /// <exception cref="JsonException">A report cannot be read.</exception>
    public Task<IReadOnlyList<ErasureReport>> ReadNewestAsync(InboxPool pool, int limit, CancellationToken cancellationToken) =>
        pool.QueryAsync(_newest, Read, cancellationToken, Parameter.Of((long)limit));

    private static ErasureReport Read(NpgsqlDataReader row) => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), TypeInfo) ?? throw new JsonException("The report is empty.");
}
