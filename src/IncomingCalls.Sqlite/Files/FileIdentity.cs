using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IncomingCalls;

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
