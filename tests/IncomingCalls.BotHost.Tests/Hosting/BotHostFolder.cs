using Microsoft.Data.Sqlite;

namespace IncomingCalls.BotHost.Tests.Hosting;

/// <summary>A temporary folder for a bot, which is deleted on disposal.</summary>
internal sealed class BotHostFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bot-host-").FullName;

    /// <summary>The number of values that the handlers have saved in the inbox.</summary>
    public long SavedValueCount => Query("SELECT COUNT(*) FROM handler_values");

    /// <summary>The number of calls with a delivery to a handler of the bot that is pending.</summary>
    public long PendingCount => Query("SELECT COUNT(*) FROM lanes WHERE handler IN ('operator-alerts', 'operator-outcomes')");

    private string Inbox => System.IO.Path.Combine(Path, "data", "calls.db");

    private string InboxCopy => System.IO.Path.Combine(Path, "copy.db");

    /// <summary>Copies the inbox, also while the bot runs.</summary>
    public void CopyInbox()
    {
        using var inbox = Open(Inbox);
        using var copy = Open(InboxCopy);
        inbox.BackupDatabase(copy);
    }

    /// <summary>Replaces the inbox by its copy, except for the values of the handlers.</summary>
    public void RestoreInboxExceptValues()
    {
        using (var copy = Open(InboxCopy))
        {
            Execute(copy, $"ATTACH '{Inbox}' AS killed; INSERT OR REPLACE INTO handler_values SELECT * FROM killed.handler_values");
        }

        foreach (var file in Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(Inbox)!, "calls.db*"))
        {
            File.Delete(file);
        }

        File.Move(InboxCopy, Inbox);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        return connection;
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private long Query(string sql)
    {
        using var connection = Open(Inbox);
        return (long)Execute(connection, sql)!;
    }
}
