using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Tests.Hosting;

/// <summary>
/// While it lasts, the file takes no new call, and says so at once. A full disk and a file that may not be written end the same
/// way, see the fault tests; here what counts is what the inbox makes of it.
/// </summary>
internal sealed class Refusal : IDisposable
{
    public const string Reason = "no room";

    private readonly string _path;

    public Refusal(string path)
    {
        _path = path;
        Execute($"CREATE TRIGGER refusal BEFORE INSERT ON calls BEGIN SELECT RAISE(ABORT, '{Reason}'); END");
    }

    public void Dispose() => Execute("DROP TRIGGER refusal");

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_path};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
