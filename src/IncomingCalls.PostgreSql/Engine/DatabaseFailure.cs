using System.Net.Sockets;
using Npgsql;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>Classifies the exceptions of the database.</summary>
internal static class DatabaseFailure
{
    /// <summary>Returns whether an exception means that the database cannot be used at the moment. A name that cannot be resolved is not wrapped by Npgsql.</summary>
    public static bool Matches(Exception e) => e is NpgsqlException or SocketException or IOException or TimeoutException;

    /// <summary>
    /// Returns whether an exception, or one that it wraps as EF Core does, means that the database has ended a transaction because of others: the same transaction can
    /// succeed if it is repeated.
    /// </summary>
    public static bool IsConflict(Exception? e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } || (e?.InnerException is { } inner && IsConflict(inner));
}
