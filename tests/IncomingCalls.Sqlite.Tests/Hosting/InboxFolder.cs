using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Tests.Hosting;

/// <summary>A temporary folder for one inbox file.</summary>
internal sealed class InboxFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "calls.db");

    /// <summary>Changes the file as another program could; returns the number of changed rows.</summary>
    public int Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>
/// Moves the file away until it is disposed, so that writes fail immediately. A full disk and a read-only file have the same effect, see the fault
/// tests of IncomingCalls.CrashTests.Tests; here the reaction of the inbox is tested.
/// </summary>
internal sealed class MissingFile : IDisposable
{
    private readonly string _path;

    public MissingFile(string path)
    {
        _path = path;
        File.Move(path, MovedPath);
    }

    private string MovedPath => $"{_path}.moved";

    public void Dispose() => File.Move(MovedPath, _path);
}

/// <summary>A test that moves a file while it is open.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MovableFileFactAttribute : FactAttribute
{
    public MovableFileFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Windows cannot move a file that is open.";
        }
    }
}
