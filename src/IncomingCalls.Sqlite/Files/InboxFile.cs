using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IncomingCalls.Sqlite.Files;

/// <summary>Opens the inbox file.</summary>
internal static class InboxFile
{
    /// <summary>How long to wait for the transaction of another connection, in milliseconds. One of an operator's tool takes one or two.</summary>
    private const int BusyTimeout = 5_000;

    // The result codes for a damaged file and for a file that is not a database. Every other error may be temporary.
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>SQLITE_READONLY_DBMOVED.</summary>
    private const int Moved = 1032;

    /// <summary>The first bytes of every SQLite database.</summary>
    private static ReadOnlySpan<byte> Signature => "SQLite format 3\0"u8;

    /// <summary>Opens the file for the engine: checks it, creates the tables of a new one, and configures it so that a commit is on the disk when it returns.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="owner">Becomes the owner of the file.</param>
    /// <param name="lockIsEffective">Whether the lock of the file, which the caller holds, excludes other processes of this machine.</param>
    /// <returns>The connection; null when another process owns the file.</returns>
    /// <exception cref="InvalidOperationException">The file is damaged or is not an inbox file; it is not changed.</exception>
    /// <exception cref="SqliteException">The file cannot be opened or written; a later attempt may succeed.</exception>
    public static SqliteConnection? OpenForInbox(string path, InboxOwner owner, bool lockIsEffective)
    {
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // A killed host leaves a write-ahead log, which closing the connection would checkpoint into the file. The log must not be
            // written into a file that turns out to be damaged.
            SetCheckpointOnClose(connection, isEnabled: false);
            InboxSchema.Check(connection);
            if (!owner.IsFree(connection, lockIsEffective))
            {
                connection.Dispose();
                return null;
            }

            CheckIntegrity(connection);
            Configure(connection);
            InboxSchema.Create(connection);
            if (!owner.TryClaim(connection, lockIsEffective))
            {
                connection.Dispose();
                return null;
            }

            InboxSchema.CreateAdministrationLog(connection);
            InboxSchema.CreateHandlerValues(connection);
            InboxSchema.CreateErasures(connection);
            SetCheckpointOnClose(connection, isEnabled: true);
            return connection;
        }
        catch (SqliteException e) when (IndicatesDamage(e))
        {
            connection.Dispose();
            throw new InvalidOperationException(DescribeDamage(path, e), e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY)
        {
            connection.Dispose();
            throw new SqliteException($"{e.Message} The process needs permission to write the file and the folder that contains it.", e.SqliteErrorCode);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file again after an error. The file must exist: a new, empty one would lose the deduplication and every pending delivery.</summary>
    /// <exception cref="InboxTakenOverException">Another process has become the owner of the file.</exception>
    public static SqliteConnection Reopen(string path, InboxOwner owner, bool lockIsEffective)
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            Configure(connection);
            return owner.TryClaim(connection, lockIsEffective) ? connection : throw new InboxTakenOverException($"The inbox file is in use by {owner.OtherProcess}.");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Throws if the path is that of a directory.</summary>
    /// <exception cref="InvalidOperationException">The path is that of a directory.</exception>
    public static void ThrowIfDirectory(string path)
    {
        if (Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
        {
            throw new InvalidOperationException($"The inbox file {path} is a folder. Write the path of a file, for example data/calls.db (IncomingCalls:Sqlite:Path).");
        }
    }

    /// <summary>
    /// Throws if the file was moved, deleted or replaced while it was open. SQLite would continue to write to a file that the next start does
    /// not find.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="connection">The connection that has the file open; null when it must be opened again.</param>
    /// <exception cref="SqliteException">The file is no longer at <paramref name="path"/>.</exception>
    public static void ThrowIfMoved(string path, SqliteConnection? connection)
    {
        if (!File.Exists(path))
        {
            throw CreateMoveException("The file is gone.");
        }

        if (connection is not null && FileIdentity.HasMoved(connection))
        {
            throw CreateMoveException("Another file is in its place.");
        }
    }

    /// <summary>Opens the file for one administrative action, possibly while an engine has it open.</summary>
    /// <exception cref="InvalidOperationException">The file is not an inbox file of this version.</exception>
    public static SqliteConnection OpenForAdministration(string path)
    {
        var hadWal = HasWal(path);
        var connection = Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            // The next start of the host checkpoints the log of a killed host, after it has checked the file. A log that this connection
            // creates is removed when it closes.
            SetCheckpointOnClose(connection, isEnabled: !hadWal);
            InboxSchema.Check(connection);
            InboxSchema.CheckExists(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Returns whether an error means that the file is damaged or is not a database.</summary>
    public static bool IndicatesDamage(SqliteException exception) => exception.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>
    /// Returns whether an error means that the file was moved. Only the open connection identifies the original file, so it must remain open:
    /// a new connection would take any file at the path for the inbox file.
    /// </summary>
    public static bool IndicatesMove(SqliteException exception) => exception.SqliteExtendedErrorCode == Moved;

    /// <summary>Describes a file of which <see cref="IndicatesDamage"/> is true, and what to do.</summary>
    public static string DescribeDamage(string path, SqliteException exception) => exception.SqliteErrorCode != NotADatabase || BeginsAsDatabase(path)
        ? DamageMessage(path, exception.Message)
        : $"The file {path} is not an inbox file: it is no SQLite database. Check the path (IncomingCalls:Sqlite:Path). If it was an inbox file, its beginning is damaged: move it away together with its -wal and -shm files, and replace it by a backup. Nothing in it was changed.";

    public static string DamageMessage(string path, string finding) =>
        $"The inbox file {path} is damaged; nothing in it was changed. Move it away together with its -wal and -shm files, and replace it by a backup or by the output of sqlite3 .recover. The check reported: {finding}";

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        ThrowIfOnlyLogExists(path);
        // Not pooled: a pool would hold the file open after the inbox is closed.
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
            // For the statements that bypass ADO.NET, whose own timeout does not apply to them.
            raw.sqlite3_busy_timeout(connection.Handle!, BusyTimeout);
            // What is deleted is overwritten with zeros. Otherwise the number of a caller who was erased could be read in the unused parts of the file.
            InboxSchema.Execute(connection, "PRAGMA secure_delete = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Throws if there is a write-ahead log without its file. The log of a killed host contains the last calls that it acknowledged, and
    /// SQLite would delete it if the file were missing or empty.
    /// </summary>
    private static void ThrowIfOnlyLogExists(string path)
    {
        if (HasWal(path) && new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            throw new InvalidOperationException(
                $"The write-ahead log {path}-wal contains calls, but the file it belongs to, {path}, is missing or empty; nothing was changed. Put the file back or, if it is lost, move the log away.");
        }
    }

    private static bool HasWal(string path) => new FileInfo($"{path}-wal") is { Exists: true, Length: > 0 };

    private static void Configure(SqliteConnection connection) =>
        // synchronous = FULL: with a write-ahead log, NORMAL preserves the integrity of the file at a power failure, but loses the last
        // acknowledged calls. The log is checkpointed every 16 MiB rather than every 4: frequently changed pages are then copied once
        // instead of four times.
        InboxSchema.Execute(connection, """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 4096;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA cache_size = -16384;
            """);

    /// <summary>
    /// Throws if SQLite has opened the file read-only because it may not be written. Any reader (an engine, a tool, a metric) would
    /// create the write-ahead log with the same permissions, and writing would still fail when the file is writable again.
    /// </summary>
    private static void ThrowIfReadOnly(SqliteConnection connection)
    {
        if (raw.sqlite3_db_readonly(connection.Handle, "main") != 0)
        {
            throw new SqliteException("The process has no permission to write the file.", raw.SQLITE_READONLY);
        }
    }

    private static void SetCheckpointOnClose(SqliteConnection connection, bool isEnabled) =>
        raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, isEnabled ? 0 : 1, out _);

    private static void CheckIntegrity(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        if (command.ExecuteScalar() is string finding and not "ok")
        {
            throw new InvalidOperationException(DamageMessage(connection.DataSource, finding));
        }
    }

    // The start of the host refuses a write-ahead log without its file: the log may contain calls.
    private static SqliteException CreateMoveException(string finding) => new(
        $"{finding} Put the original file back; or stop the host, move away the -wal file, which belongs to the original file, and start the host.",
        raw.SQLITE_READONLY,
        Moved);

    /// <summary>Returns whether a file begins as every SQLite database does. One that cannot be read is assumed to.</summary>
    private static bool BeginsAsDatabase(string path)
    {
        Span<byte> beginning = stackalloc byte[Signature.Length];
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false) == beginning.Length && beginning.SequenceEqual(Signature);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}

/// <summary>Queries SQLite about the file that a connection has open. SQLitePCLRaw has no such function.</summary>
internal static partial class FileIdentity
{
    /// <summary>SQLITE_FCNTL_HAS_MOVED.</summary>
    private const int HasMovedOperation = 20;

    /// <summary>
    /// Returns whether the path leads to another file or to none. Always false on Windows, where an open file cannot be moved.
    /// </summary>
    public static bool HasMoved(SqliteConnection connection) =>
        Control(connection.Handle!, "main", HasMovedOperation, out var moved) == raw.SQLITE_OK && moved != 0;

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial int Control(sqlite3 database, string name, int operation, out int answer);
}
