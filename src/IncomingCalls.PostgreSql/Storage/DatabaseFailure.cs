using System.Net.Sockets;
using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>Classifies the exceptions of the database, and says what to do. No message contains the connection string.</summary>
internal static class DatabaseFailure
{
    /// <summary>SQLSTATE of a session that was silent in a transaction for too long.</summary>
    private const string IdleTimeoutState = "25P03";

    /// <summary>Returns whether an exception means that the database cannot be used at the moment. A name that cannot be resolved is not wrapped by Npgsql.</summary>
    public static bool Matches(Exception e) => e is NpgsqlException or SocketException or IOException or TimeoutException;

    /// <summary>
    /// Returns whether an exception, or one that it wraps as EF Core does, means that the database has ended a transaction because of others: the same transaction can
    /// succeed if it is repeated.
    /// </summary>
    public static bool IsConflict(Exception? e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } || (e?.InnerException is { } inner && IsConflict(inner));

    /// <summary>Returns whether an exception of a session in use means that the session has ended: the server has ended it, or the connection to it is broken.</summary>
    public static bool IsSessionLost(Exception e) => e switch
    {
        PostgresException failure => failure.SqlState.StartsWith("57P", StringComparison.Ordinal) || failure.SqlState.StartsWith("08", StringComparison.Ordinal) || failure.SqlState == IdleTimeoutState,
        NpgsqlException or IOException or SocketException => true,
        // Npgsql throws it for a connection that it has closed because it was broken.
        InvalidOperationException => e.Message == "Connection is not open",
        _ => false,
    };

    /// <summary>Describes a failure in one or two sentences, the last of which says what to do where that is known.</summary>
    public static string Describe(Exception e) => e switch
    {
        ReadOnlyServerException or SchemaBusyException or MissingPrivilegeException => e.Message,
        PostgresException failure => $"The database of the inbox cannot be used ({failure.SqlState}: {failure.MessageText}).{Advise(failure.SqlState, "the connection string (UsePostgreSqlInbox, or IncomingCalls:PostgreSql:ConnectionString)")}",
        NpgsqlException { InnerException: TimeoutException } when e.Message.Contains("pool has been exhausted", StringComparison.Ordinal) =>
            "The database of the inbox cannot be used: all connections of the pool are busy. If this recurs, look in pg_stat_activity for sessions that wait for a lock, and for statements that are slow.",
        _ => $"The database of the inbox cannot be used: {e.Message}",
    };

    /// <summary>Says what to do about an error of the server, in sentences that begin with a space; empty where that is not known.</summary>
    /// <param name="state">The SQLSTATE.</param>
    /// <param name="connectionString">What the operator knows the connection string as.</param>
    public static string Advise(string state, string connectionString) => state switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $" Check the user and the password in {connectionString}, and pg_hba.conf of the server.",
        PostgresErrorCodes.InvalidCatalogName => $" Create the database, or correct its name in {connectionString}.",
        PostgresErrorCodes.InsufficientPrivilege => " Grant the role of the inbox what 'incoming-calls inbox schema --sql --role NAME' prints.",
        PostgresErrorCodes.TooManyConnections => " Raise max_connections or the connection limit of the role, or lower IncomingCalls:PostgreSql:MaxConcurrentAttempts.",
        PostgresErrorCodes.ReadOnlySqlTransaction => " Connect to the primary: a standby is read-only.",
        PostgresErrorCodes.DiskFull => " Free space on the disk of the server.",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedColumn =>
            $" Tables of the inbox are missing, or were changed. Check the database in {connectionString} and the schema; a host creates missing tables when it starts, others are restored from a backup.",
        _ => "",
    };
}
