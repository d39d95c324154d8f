using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using Npgsql;

namespace IncomingCalls.PostgreSql.Administration;

/// <summary>Finds the dead letters and the quarantined notifications that a filter selects, oldest first.</summary>
/// <param name="schema">The tables.</param>
internal sealed class FailedItemQuery(InboxSchema schema)
{
    /// <summary>The number of rows that are read at once where the server cannot decide which of them match.</summary>
    private const int PageSize = 1000;

    // What is a column is compared by the server. The rest is in the JSON of a dead letter, which the server could not cast without failing on a damaged row,
    // or is a text that every inbox compares in the same way.
    private readonly string _deadLetters = $"""
        SELECT id, letter, replay_at IS NOT NULL, event_id, handler, id_instance, id_message FROM {schema.DeadLetters}
        WHERE id > $1 AND ($2::bigint IS NULL OR id = $2) AND ($3::bigint IS NULL OR id_instance = $3) AND ($4::text IS NULL OR handler = $4) ORDER BY id LIMIT $5
        """;

    private readonly string _deadLettersOfCall = $"""
        SELECT id, letter, replay_at IS NOT NULL, event_id, handler, id_instance, id_message FROM {schema.DeadLetters} WHERE id_instance = $1 AND id_message = $2 ORDER BY id
        """;

    private readonly string _quarantine = $"""
        SELECT id, reason, explanation, octet_length(bytes), sha256, id_instance, received_at, replay_at IS NOT NULL FROM {schema.Quarantine}
        WHERE id > $1 AND ($2::bigint IS NULL OR id = $2) AND ($3::bigint IS NULL OR id_instance = $3) ORDER BY id LIMIT $4
        """;

    /// <summary>Finds dead letters. One that cannot be read is found with what its row says.</summary>
    public Task<IReadOnlyList<DeadLetter>> FindDeadLettersAsync(NpgsqlConnection connection, InboxFilter filter, int limit, long after, CancellationToken cancellationToken)
    {
        NpgsqlCommand CreateCommand(long start) => Parameter.Create(
            connection,
            _deadLetters,
            Parameter.Of(start),
            Parameter.OfNumber(filter.Id),
            Parameter.OfNumber(filter.IdInstance),
            Parameter.OfText(filter.Handler),
            Parameter.Of((long)PageSize));
        return FindAsync(CreateCommand, ReadDeadLetter, static letter => letter.Id, filter.Matches, limit, after, cancellationToken);
    }

    /// <summary>Finds the dead letters of a call.</summary>
    public async Task<IReadOnlyList<DeadLetter>> FindDeadLettersAsync(NpgsqlConnection connection, CallKey call, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, _deadLettersOfCall, Parameter.Of(call.IdInstance), Parameter.Of(call.IdMessage));
        return await ReadAsync(command, ReadDeadLetter, cancellationToken);
    }

    public Task<IReadOnlyList<QuarantineItem>> FindQuarantinedAsync(NpgsqlConnection connection, InboxFilter filter, int limit, long after, CancellationToken cancellationToken)
    {
        NpgsqlCommand CreateCommand(long start) => Parameter.Create(
            connection, _quarantine, Parameter.Of(start), Parameter.OfNumber(filter.Id), Parameter.OfNumber(filter.IdInstance), Parameter.Of((long)PageSize));
        return FindAsync(CreateCommand, ReadQuarantined, static item => item.Id, filter.Matches, limit, after, cancellationToken);
    }

    /// <summary>Reads all rows of a command.</summary>
    public static async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        List<T> rows = [];
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(read(row));
        }

        return rows;
    }

    private static async Task<IReadOnlyList<T>> FindAsync<T>(
        Func<long, NpgsqlCommand> createCommand, Func<NpgsqlDataReader, T> read, Func<T, long> idOf, Func<T, bool> matches, int limit, long after, CancellationToken cancellationToken)
    {
        List<T> found = [];
        while (true)
        {
            await using var command = createCommand(after);
            var page = await ReadAsync(command, read, cancellationToken);
            found.AddRange(page.Where(matches).Take(limit - found.Count));
            if (found.Count == limit || page.Count < PageSize)
            {
                return found;
            }

            after = idOf(page[^1]);
        }
    }

    private static DeadLetter ReadDeadLetter(NpgsqlDataReader row)
    {
        DeadLetterEntry? letter = null;
        try
        {
            letter = InboxJson.ReadDeadLetter(row.GetFieldValue<byte[]>(1));
        }
        catch (JsonException)
        {
            // Shown below.
        }

        return new()
        {
            Id = row.GetInt64(0),
            EventId = row.GetString(3),
            Call = new(row.GetInt64(5), row.GetString(6)),
            Kind = letter?.Event.Kind ?? CallEventKind.Unrecognized,
            Account = letter?.Account,
            Handler = row.GetString(4),
            Attempts = letter?.Attempts ?? 0,
            Error = letter?.Error ?? "The stored dead letter cannot be read. Purge it, or restore its row.",
            OccurredAt = letter?.Event.OccurredAt ?? default,
            FailedAt = letter?.FailedAt ?? default,
            IsReplayRequested = row.GetBoolean(2),
        };
    }

    private static QuarantineItem ReadQuarantined(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Reason = row.GetString(1),
        Explanation = row.GetString(2),
        Length = row.GetInt32(3),
        Sha256 = row.GetString(4),
        IdInstance = row.IsDBNull(5) ? null : row.GetInt64(5),
        ReceivedAt = row.GetFieldValue<DateTimeOffset>(6),
        IsReplayRequested = row.GetBoolean(7),
    };
}
