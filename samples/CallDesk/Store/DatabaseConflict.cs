using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CallDesk.Store;

/// <summary>What the databases say when another process was faster.</summary>
internal static class DatabaseConflict
{
    /// <summary>SQLITE_CONSTRAINT_PRIMARYKEY.</summary>
    private const int PrimaryKeyViolation = 1555;

    /// <summary>Whether a row with this key is there already.</summary>
    public static bool IsDuplicateKey(this DbUpdateException exception) => exception.InnerException
        is SqliteException { SqliteExtendedErrorCode: PrimaryKeyViolation }
        or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>Whether another node is creating, or has just created, the same database or its tables.</summary>
    public static bool IsConcurrentCreation(this PostgresException exception) => exception.SqlState
        is PostgresErrorCodes.DuplicateDatabase
        or PostgresErrorCodes.DuplicateTable
        or PostgresErrorCodes.UniqueViolation
        or PostgresErrorCodes.ObjectInUse;
}
