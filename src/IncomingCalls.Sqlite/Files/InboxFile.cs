using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IncomingCalls.Sqlite.Files;

/// <summary>Opens the inbox file.</summary>
internal static class InboxFile
{
    /// <summary>How long to wait for somebody's transaction, in milliseconds. An administrator's takes one or two.</summary>
    private const int BusyTimeout = 5_000;

    // SQLite's codes of a file that is damaged or none of its own; all others may pass.
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>SQLITE_READONLY_DBMOVED.</summary>
    private const int Moved = 1032;

    /// <summary>Opens the file for the engine: checked, migrated, and set so that a commit is on the disk when it returns.</summary>
    /// <exception cref="InvalidOperationException">The file is damaged or not ours; it is left as it is.</exception>
    /// <exception cref="SqliteException">It cannot be opened or written now.</exception>
    public static SqliteConnection OpenForInbox(string path)
    {
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // A killed host leaves its log, and whoever closes the file moves it in: not into one that turns out to be damaged.
            KeepWalOnClose(connection, isKept: true);
            InboxSchema.Check(connection);
            CheckPages(connection);
            Configure(connection);
            InboxSchema.Migrate(connection);
            KeepWalOnClose(connection, isKept: false);
            return connection;
        }
        catch (SqliteException e) when (IndicatesDamage(e))
        {
            connection.Dispose();
            throw Damaged(path, e.Message, e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY)
        {
            connection.Dispose();
            throw new SqliteException($"{e.Message} The process needs the right to write it, and the folder it is in.", e.SqliteErrorCode);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file again after trouble. It must be there: an empty one in its place would forget every call.</summary>
    public static SqliteConnection Reopen(string path)
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            Configure(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a path at which no file can be.</summary>
    /// <exception cref="InvalidOperationException">It is the path of a folder.</exception>
    public static void ThrowIfDirectory(string path)
    {
        if (Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
        {
            throw new InvalidOperationException($"The inbox file {path} is a folder. Write the path of a file, for example data/calls.db (IncomingCalls:Sqlite:Path).");
        }
    }

    /// <summary>
    /// Refuses to go on with a file that was moved, deleted or exchanged while it was open. SQLite would write on, to a file that the
    /// next start does not find.
    /// </summary>
    /// <param name="path">Where it should be.</param>
    /// <param name="connection">The connection that has it open; null when it must be opened again.</param>
    /// <exception cref="SqliteException">It is not where it was.</exception>
    public static void ThrowIfMoved(string path, SqliteConnection? connection)
    {
        if (!File.Exists(path))
        {
            throw new SqliteException("The file is gone. Put it back, or restart the host to begin with an empty one.", raw.SQLITE_READONLY, Moved);
        }

        if (connection is not null && FileIdentity.IsElsewhere(connection))
        {
            throw new SqliteException(
                "Another file is in its place. Put the old one back, or stop the host, move the -wal file away, which belongs to the old one, and start it.",
                raw.SQLITE_READONLY,
                Moved);
        }
    }

    /// <summary>Opens the file beside the engine, for one action.</summary>
    /// <exception cref="InvalidOperationException">It is not an inbox of this version.</exception>
    public static SqliteConnection OpenForAdministration(string path)
    {
        var hasLog = HasWal(path);
        var connection = Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            // What a killed host left is for its next start to take in, which checks the file first. A log of our own goes with us.
            KeepWalOnClose(connection, hasLog);
            InboxSchema.Check(connection);
            InboxSchema.CheckIsCurrent(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file is damaged or no database at all.</summary>
    public static bool IndicatesDamage(SqliteException trouble) => trouble.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>
    /// Whether the file is not where it was. The connection is all that still knows which one that is, so it is better kept: a new one
    /// would take whatever is there now for ours.
    /// </summary>
    public static bool IndicatesMove(SqliteException trouble) => trouble.SqliteExtendedErrorCode == Moved;

    public static string DamageMessage(string path, string finding) =>
        $"The inbox file {path} is damaged; nothing in it was changed. Move it out of the way with its -wal and -shm files, and put a backup in its place, or what sqlite3 .recover makes of it. SQLite says: {finding}";

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        ThrowIfOnlyLogExists(path);
        // Not pooled: a pool would keep the file open after the inbox is closed.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusyTimeout / 1000,
        }.ToString());
        try
        {
            connection.Open();
            ThrowIfReadOnly(connection);
            // For the statements that go below ADO.NET, which has a time-out of its own.
            raw.sqlite3_busy_timeout(connection.Handle!, BusyTimeout);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A log that a killed host has left is the last calls it acknowledged. Beside an empty file SQLite deletes it.</summary>
    private static void ThrowIfOnlyLogExists(string path)
    {
        if (HasWal(path) && new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            throw new InvalidOperationException(
                $"{path}-wal holds calls, and the file it belongs to, {path}, is missing or empty; nothing was changed. Put the file back, or, if it is lost, move the log away.");
        }
    }

    private static bool HasWal(string path) => new FileInfo($"{path}-wal") is { Exists: true, Length: > 0 };

    private static void Configure(SqliteConnection connection) =>
        // FULL: with the write-ahead log NORMAL would keep the file whole at a power cut, but lose the last acknowledged calls.
        // The log is moved into the file every 16 MiB rather than every 4: busy pages then move once instead of four times.
        InboxSchema.Execute(connection, """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 4096;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA cache_size = -16384;
            """);

    /// <summary>
    /// SQLite opens for reading what it may not write, and whoever reads it, an engine, a tool or a metric, makes the log with the
    /// same rights: then nothing could be written when the file may be written again.
    /// </summary>
    private static void ThrowIfReadOnly(SqliteConnection connection)
    {
        if (raw.sqlite3_db_readonly(connection.Handle, "main") != 0)
        {
            throw new SqliteException("The file may not be written.", raw.SQLITE_READONLY);
        }
    }

    private static void KeepWalOnClose(SqliteConnection connection, bool isKept) =>
        raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, isKept ? 1 : 0, out _);

    private static void CheckPages(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        if (command.ExecuteScalar() is string finding and not "ok")
        {
            throw Damaged(connection.DataSource, finding, null);
        }
    }

    private static InvalidOperationException Damaged(string path, string finding, Exception? inner) => new(DamageMessage(path, finding), inner);
}

/// <summary>Asks SQLite about the file that a connection has open. The library that we call it through has no such function.</summary>
internal static partial class FileIdentity
{
    /// <summary>SQLITE_FCNTL_HAS_MOVED.</summary>
    private const int HasMoved = 20;

    /// <summary>
    /// Whether the path leads to another file now, or to none. Always false on Windows, which moves no file that is open.
    /// </summary>
    public static bool IsElsewhere(SqliteConnection connection) =>
        Control(connection.Handle!, "main", HasMoved, out var moved) == raw.SQLITE_OK && moved != 0;

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial int Control(sqlite3 database, string name, int operation, out int answer);
}
