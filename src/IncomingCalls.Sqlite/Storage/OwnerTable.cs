using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>The table with the process that owns the file: one row or none.</summary>
internal sealed class OwnerTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _find = new(connection, "SELECT token FROM owner");
    private readonly Statement _heartbeat = new(connection, "UPDATE owner SET heartbeats = heartbeats + 1 WHERE token = ?1");
    private readonly Statement _delete = new(connection, "DELETE FROM owner WHERE token = ?1");

    /// <summary>Finds the token of the owner; null when there is none.</summary>
    public string? FindToken()
    {
        using var row = _find.Query();
        return row.Read() ? row.Text(0) : null;
    }

    public void WriteHeartbeat(string token) => _heartbeat.Execute(token);

    public void Delete(string token) => _delete.Execute(token);

    public void Dispose()
    {
        _find.Dispose();
        _heartbeat.Dispose();
        _delete.Dispose();
    }
}
