using System.Threading.Channels;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;
using Npgsql;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>Stores the names of callers, so that a node knows after its start what it or another node has looked up. A name that was not stored is looked up again.</summary>
internal sealed class CallerNameStore(InboxContext context)
{
    private const int MaxNames = 10_000;
    private const int DeletedAtOnce = 1_000;

    private readonly Channel<CachedCallerName> _found = Channel.CreateBounded<CachedCallerName>(new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Restores the stored names, and stores those that are found from now on.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var command = context.Database.Other.CreateCommand(
            $"SELECT id_instance, chat_id, name, source, expires_at FROM {context.Database.Schema.Names} WHERE expires_at > $1 ORDER BY expires_at DESC LIMIT {MaxNames}");
        command.Parameters.Add(Parameter.Of(context.Time.GetUtcNow().ToUniversalTime()));
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken))
            {
                if (ChatId.TryParse(row.GetString(1), out var chatId))
                {
                    context.Names.Restore(new() { IdInstance = row.GetInt64(0), ChatId = chatId, Name = new() { Name = row.GetString(2), Source = row.GetString(3) }, ExpiresAt = row.GetFieldValue<DateTimeOffset>(4) });
                }
            }
        }

        context.Names.NameFound += OnFound;
        _ = StoreAsync();
    }

    /// <summary>Deletes names that have expired, in small batches.</summary>
    public async Task DeleteExpiredAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var names = context.Database.Schema.Names;
        var sql = $"DELETE FROM {names} WHERE (id_instance, chat_id) IN (SELECT id_instance, chat_id FROM {names} WHERE expires_at < $1 LIMIT {DeletedAtOnce} FOR UPDATE SKIP LOCKED)";
        int deleted;
        do
        {
            await using var command = Parameter.Create(connection, sql, Parameter.Of(context.Time.GetUtcNow().ToUniversalTime()));
            deleted = await command.ExecuteNonQueryAsync(cancellationToken);
        }
        while (deleted == DeletedAtOnce);
    }

    public void Stop()
    {
        context.Names.NameFound -= OnFound;
        _found.Writer.TryComplete();
    }

    private void OnFound(CachedCallerName name) => _found.Writer.TryWrite(name);

    private async Task StoreAsync()
    {
        var sql = $"""
            INSERT INTO {context.Database.Schema.Names} (id_instance, chat_id, name, source, expires_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (id_instance, chat_id) DO UPDATE SET name = excluded.name, source = excluded.source, expires_at = excluded.expires_at
            """;
        await foreach (var name in _found.Reader.ReadAllAsync())
        {
            try
            {
                await using var command = context.Database.Other.CreateCommand(sql);
                foreach (var parameter in (NpgsqlParameter[])
                    [
                        Parameter.Of(name.IdInstance), Parameter.Of(name.ChatId.Value), Parameter.Of(name.Name.Name), Parameter.Of(name.Name.Source), Parameter.Of(name.ExpiresAt.ToUniversalTime()),
                    ])
                {
                    command.Parameters.Add(parameter);
                }

                await command.ExecuteNonQueryAsync();
            }
            catch (Exception e)
            {
                context.Logger.BackgroundTaskFailed(e);
            }
        }
    }
}
