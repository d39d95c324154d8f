using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>Reads and writes the table <c>pauses</c>: the destinations to which the deliveries of a handler are paused.</summary>
internal sealed class PauseTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _upsert = new(
        connection,
        """
        INSERT INTO pauses (handler, destination, since, until, is_unavailable, failures, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (handler, destination) DO UPDATE SET since = excluded.since, until = excluded.until, is_unavailable = excluded.is_unavailable, failures = excluded.failures, reason = excluded.reason
        """);

    private readonly Statement _delete = new(connection, "DELETE FROM pauses WHERE handler = ?1 AND destination = ?2");
    private readonly Statement _all = new(connection, "SELECT handler, destination, since, until, is_unavailable, failures, reason FROM pauses ORDER BY handler, destination");
    private readonly Statement _deleteSelected = new(connection, "DELETE FROM pauses WHERE handler = COALESCE(?1, handler) AND destination = COALESCE(?2, destination)");
    private readonly Statement _deleteEnded = new(connection, "DELETE FROM pauses WHERE is_unavailable = 0 AND until < ?1");

    /// <summary>Writes a change of a pause.</summary>
    public void Write(string handler, string destination, DestinationPause? pause)
    {
        if (pause is null)
        {
            _delete.Execute(handler, destination);
        }
        else
        {
            _upsert.Execute(
                handler, destination, pause.Since.ToUnixTimeMilliseconds(), pause.Until.ToUnixTimeMilliseconds(), pause.IsUnavailable ? 1 : 0, pause.Failures, pause.Reason);
        }
    }

    /// <summary>Reads all pauses, among them delays that have ended.</summary>
    public IReadOnlyList<DestinationPause> ReadAll()
    {
        List<DestinationPause> pauses = [];
        using var rows = _all.Query();
        while (rows.Read())
        {
            pauses.Add(new()
            {
                Handler = rows.Text(0),
                Destination = rows.Text(1),
                Since = DateTimeOffset.FromUnixTimeMilliseconds(rows.Number(2)),
                Until = DateTimeOffset.FromUnixTimeMilliseconds(rows.Number(3)),
                IsUnavailable = rows.Number(4) != 0,
                Failures = (int)rows.Number(5),
                Reason = rows.Text(6),
            });
        }

        return pauses;
    }

    /// <summary>Deletes the pauses of a handler and destination, or of all for null; returns how many.</summary>
    public int Delete(string? handler, string? destination) => _deleteSelected.Execute(handler, destination);

    /// <summary>Deletes the delays that have ended.</summary>
    public void DeleteEnded(DateTimeOffset now) => _deleteEnded.Execute(now.ToUnixTimeMilliseconds());

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_upsert, _delete, _all, _deleteSelected, _deleteEnded])
        {
            statement.Dispose();
        }
    }
}
