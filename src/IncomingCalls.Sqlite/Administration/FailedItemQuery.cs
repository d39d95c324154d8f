using IncomingCalls.Sqlite.Storage;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Administration;

/// <summary>Finds the dead letters and the quarantined notifications that a filter selects, oldest first.</summary>
internal static class FailedItemQuery
{
    // What is a column is compared by SQLite. The rest is in the JSON of a dead letter, or is a text that is compared without regard to case, which SQLite
    // can do for ASCII only.
    private const string DeadLetters =
        """
        SELECT id, letter, replay_at FROM dead_letters
        WHERE id > ?1 AND (?2 IS NULL OR id = ?2) AND (?3 IS NULL OR id_instance = ?3) AND (?4 IS NULL OR handler = ?4) ORDER BY id
        """;

    private const string Quarantine =
        """
        SELECT id, reason, explanation, length, sha256, id_instance, received_at, replay_at FROM quarantine
        WHERE id > ?1 AND (?2 IS NULL OR id = ?2) AND (?3 IS NULL OR id_instance = ?3) ORDER BY id
        """;

    /// <exception cref="System.Text.Json.JsonException">A dead letter cannot be read.</exception>
    public static IEnumerable<DeadLetter> FindDeadLetters(SqliteConnection connection, InboxFilter filter, long after = 0)
    {
        using var statement = new Statement(connection, DeadLetters);
        using var rows = statement.Query(after, filter.Id, filter.IdInstance, filter.Handler);
        while (rows.Read())
        {
            if (ToDeadLetter(rows) is var letter && filter.Matches(letter))
            {
                yield return letter;
            }
        }
    }

    /// <summary>Finds the ids of dead letters, without reading those that the columns select: one that cannot be read can be purged.</summary>
    /// <exception cref="System.Text.Json.JsonException">A dead letter cannot be read.</exception>
    public static IEnumerable<long> FindDeadLetterIds(SqliteConnection connection, InboxFilter filter) =>
        filter is { Account: null, Kind: null, From: null, To: null, ErrorContains: null } ? FindIds(connection, filter) : FindDeadLetters(connection, filter).Select(static letter => letter.Id);

    public static IEnumerable<QuarantineItem> FindQuarantined(SqliteConnection connection, InboxFilter filter, long after = 0)
    {
        using var statement = new Statement(connection, Quarantine);
        using var rows = statement.Query(after, filter.Id, filter.IdInstance);
        while (rows.Read())
        {
            if (ToQuarantineItem(rows) is var item && filter.Matches(item))
            {
                yield return item;
            }
        }
    }

    /// <summary>Reads a row with the columns id, letter and replay_at.</summary>
    public static DeadLetter ToDeadLetter(StatementRows row)
    {
        var letter = DeadLetterTable.Read(row.Bytes(1));
        return new()
        {
            Id = row.Number(0),
            EventId = letter.Event.Id,
            Call = letter.Event.Call,
            Kind = letter.Event.Kind,
            Account = letter.Account,
            Handler = letter.Handler,
            Attempts = letter.Attempts,
            Error = letter.Error,
            OccurredAt = letter.Event.OccurredAt,
            FailedAt = letter.FailedAt,
            IsReplayRequested = !row.IsNull(2),
        };
    }

    private static IEnumerable<long> FindIds(SqliteConnection connection, InboxFilter filter)
    {
        using var statement = new Statement(connection, DeadLetters);
        using var rows = statement.Query(0, filter.Id, filter.IdInstance, filter.Handler);
        while (rows.Read())
        {
            yield return rows.Number(0);
        }
    }

    private static QuarantineItem ToQuarantineItem(StatementRows row) => new()
    {
        Id = row.Number(0),
        Reason = row.Text(1),
        Explanation = row.Text(2),
        Length = (int)row.Number(3),
        Sha256 = row.Text(4),
        IdInstance = row.IsNull(5) ? null : row.Number(5),
        ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Number(6)),
        IsReplayRequested = !row.IsNull(7),
    };
}
