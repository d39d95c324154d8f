using System.Threading.Channels;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;
using IncomingCalls.Shared;
using Npgsql;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>Stores the names and phone numbers of callers, so that a node knows after its start what it or another node has looked up. What was not stored is looked up again.</summary>
internal sealed class CallerNameStore(InboxContext context) : IDisposable
{
    private const int MaxNames = 10_000;
    private const int DeletedAtOnce = 1_000;

    /// <summary>Longer than <see cref="ErasureList.DiscardsLookup"/> looks back.</summary>
    private static readonly TimeSpan ErasureAge = TimeSpan.FromHours(1);

    /// <summary>How long the names that were found before the stop may take.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private readonly Channel<(CachedCallerName? Name, CachedCallerNumber? Number)> _found = Channel.CreateBounded<(CachedCallerName?, CachedCallerNumber?)>(new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly FailureLog _log = new(context.Time, e => context.Logger.NamesNotStored(DatabaseFailure.Describe(e), e), context.Logger.NamesStoredAgain);
    private readonly ErasureTable _erasures = new(context.Database.Schema);
    private readonly CancellationTokenSource _abandoned = new();
    private Task _storing = Task.CompletedTask;

    /// <summary>Restores the stored names, and stores those that are found from now on.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var names = await context.Database.Other.QueryAsync(
            $"""
            SELECT id_instance, chat_id, name, source, expires_at, CASE WHEN phone_expires_at > $1 THEN phone END, COALESCE(phone_expires_at, expires_at) FROM {context.Database.Schema.Names}
            WHERE expires_at > $1 OR phone_expires_at > $1 ORDER BY expires_at DESC LIMIT {MaxNames}
            """,
            static row => (
                IdInstance: row.GetInt64(0),
                ChatId: row.GetString(1),
                Name: row.GetString(2),
                Source: row.GetString(3),
                ExpiresAt: row.GetFieldValue<DateTimeOffset>(4),
                Phone: row.IsDBNull(5) ? null : row.GetString(5),
                PhoneExpiresAt: row.GetFieldValue<DateTimeOffset>(6)),
            cancellationToken,
            Parameter.Of(context.Time.GetUtcNow().ToUniversalTime()));
        foreach (var name in names)
        {
            if (!ChatId.TryParse(name.ChatId, out var chatId))
            {
                continue;
            }

            // The number of a linked id has its own expiry.
            var number = chatId.Kind == ChatIdKind.Lid ? null : name.Phone;
            context.Names.Restore(new() { IdInstance = name.IdInstance, ChatId = chatId, Name = new() { Name = name.Name, Source = name.Source, PhoneNumber = number }, ExpiresAt = name.ExpiresAt });
            if (name.Phone is { } phone)
            {
                context.Names.RestoreNumber(new() { IdInstance = name.IdInstance, ChatId = chatId, PhoneNumber = phone, ExpiresAt = name.PhoneExpiresAt });
            }
        }

        context.Names.NameFound += OnFound;
        context.Names.NumberFound += OnFound;
        _storing = StoreAsync();
    }

    /// <summary>Deletes names and numbers that have expired, in small batches.</summary>
    public async Task DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        var names = context.Database.Schema.Names;
        var sql = $"DELETE FROM {names} WHERE (id_instance, chat_id) IN (SELECT id_instance, chat_id FROM {names} WHERE expires_at < $1 AND (phone_expires_at IS NULL OR phone_expires_at < $1) LIMIT {DeletedAtOnce} FOR UPDATE SKIP LOCKED)";
        while (await context.Database.Other.ExecuteAsync(sql, cancellationToken, Parameter.Of(context.Time.GetUtcNow().ToUniversalTime())) == DeletedAtOnce)
        {
            // Until there are no more.
        }
    }

    /// <summary>Stores the names that were found, for two seconds at most.</summary>
    public async Task StopAsync()
    {
        context.Names.NameFound -= OnFound;
        context.Names.NumberFound -= OnFound;
        _found.Writer.TryComplete();
        await Task.WhenAny(_storing, Task.Delay(StopTimeout, context.Time, CancellationToken.None));
        await _abandoned.CancelAsync();
        await _storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _abandoned.Dispose();

    private void OnFound(CachedCallerName name) => _found.Writer.TryWrite((name, null));

    private void OnFound(CachedCallerNumber number) => _found.Writer.TryWrite((null, number));

    private async Task StoreAsync()
    {
        await foreach (var (name, number) in _found.Reader.ReadAllAsync(_abandoned.Token))
        {
            try
            {
                await (name is not null ? StoreAsync(name.IdInstance, name.ChatId, name.Name.PhoneNumber, CreateStore(name)) : StoreAsync(number!.IdInstance, number.ChatId, number.PhoneNumber, CreateStore(number)));
                _log.ReportSuccess();
            }
            catch (Exception e) when (!_abandoned.IsCancellationRequested)
            {
                _log.ReportFailure(e, e.GetType().Name);
            }
        }
    }

    /// <summary>Stores what a lookup has found, unless the caller was erased meanwhile.</summary>
    private async Task StoreAsync(long idInstance, ChatId chatId, string? phoneNumber, NpgsqlBatchCommand store)
    {
        var pool = context.Database.Other;
        var now = context.Time.GetUtcNow();
        await using var connection = await pool.OpenConnectionAsync(_abandoned.Token);
        await using var transaction = await pool.BeginTransactionAsync(connection, _abandoned.Token);
        var erasures = await _erasures.FindAfterAsync(connection, now - ErasureAge, _abandoned.Token);
        if (!erasures.DiscardsLookup(idInstance, chatId, phoneNumber, now))
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { store } };
            await batch.ExecuteNonQueryAsync(_abandoned.Token);
        }

        await transaction.CommitAsync(_abandoned.Token);
    }

    private NpgsqlBatchCommand CreateStore(CachedCallerName name)
    {
        var expiresAt = Parameter.Of(name.ExpiresAt.ToUniversalTime());
        return Parameter.CreateForBatch(
            $"""
            INSERT INTO {context.Database.Schema.Names} AS stored (id_instance, chat_id, name, source, expires_at, phone, phone_expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $6 IS NULL THEN NULL ELSE $5 END)
            ON CONFLICT (id_instance, chat_id) DO UPDATE SET name = excluded.name, source = excluded.source, expires_at = excluded.expires_at,
                phone = COALESCE(excluded.phone, stored.phone), phone_expires_at = COALESCE(excluded.phone_expires_at, stored.phone_expires_at)
            """,
            Parameter.Of(name.IdInstance),
            Parameter.Of(name.ChatId.Value),
            Parameter.Of(ReceivedText.RemoveControls(name.Name.Name)),
            Parameter.Of(ReceivedText.RemoveControls(name.Name.Source)),
            expiresAt,
            Parameter.OfText(name.Name.PhoneNumber));
    }

    private NpgsqlBatchCommand CreateStore(CachedCallerNumber number) => Parameter.CreateForBatch(
        $"""
        INSERT INTO {context.Database.Schema.Names} AS stored (id_instance, chat_id, name, source, expires_at, phone, phone_expires_at) VALUES ($1, $2, '', '', $4, $3, $4)
        ON CONFLICT (id_instance, chat_id) DO UPDATE SET phone = excluded.phone, phone_expires_at = excluded.phone_expires_at,
            expires_at = CASE WHEN stored.name = '' THEN excluded.expires_at ELSE stored.expires_at END
        """,
        Parameter.Of(number.IdInstance),
        Parameter.Of(number.ChatId.Value),
        Parameter.Of(number.PhoneNumber ?? ""),
        Parameter.Of(number.ExpiresAt.ToUniversalTime()));
}
