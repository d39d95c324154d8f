using Microsoft.Data.Sqlite;

namespace IncomingCalls.EndToEnd.Tests.Desk;

/// <summary>A folder of its own for a desk, gone afterwards.</summary>
public sealed class DeskFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("call-desk-").FullName;

    /// <summary>Does something to the desk's database, beside the desk.</summary>
    public void ExecuteSql(string statement)
    {
        using var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(Path, "data", "desk.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
