using System.Net.Sockets;
using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using Npgsql;

namespace IncomingCalls.PostgreSql.Administration;

/// <summary>
/// Describes to an operator why the database cannot be used, and what to do. The descriptions contain nothing of the connection string, and no message of
/// the server, which may quote a value.
/// </summary>
internal static class DatabaseProblem
{
    /// <summary>Returns whether an exception of an action means that the database, or what is in it, cannot be used. A name that cannot be resolved is not wrapped by Npgsql.</summary>
    public static bool Matches(Exception e) => e is NpgsqlException or SocketException or IOException or TimeoutException or UnreadableCallException or JsonException;

    /// <summary>Describes an exception.</summary>
    /// <param name="e">An exception that <see cref="Matches"/>.</param>
    /// <param name="schema">The name of the schema.</param>
    public static string Describe(Exception e, string schema) => e switch
    {
        UnreadableCallException or ReadOnlyServerException => e.Message,
        JsonException => $"A row of the schema {schema} cannot be read. Restore it from a backup, or delete it.",
        PostgresException failure => $"{DescribeState(failure.SqlState, schema)} SQLSTATE: {failure.SqlState}.",
        _ => $"The database of the inbox does not respond ({FindCause(e)}). Check the host and the port of the connection string, the network, and whether the server runs.",
    };

    private static string DescribeState(string state, string schema) => state switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            "The database has rejected the user or the password. Check them, and the pg_hba.conf of the server.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"The user lacks a privilege for the schema {schema}. Grant USAGE on the schema, and SELECT, INSERT, UPDATE and DELETE on its tables, or use the user of the hosts.",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName =>
            $"The schema {schema} of this database has no tables of IncomingCalls, or those of an earlier version. Check the database and the schema; a host with UsePostgreSqlInbox creates the tables when it starts.",
        PostgresErrorCodes.InvalidCatalogName => "The server has no such database. Check the database of the connection string.",
        PostgresErrorCodes.ReadOnlySqlTransaction => "The server is a read-only replica. Use the primary server.",
        PostgresErrorCodes.TooManyConnections => "The server accepts no further connections. Try again later, or raise max_connections.",
        _ => "The database of the inbox reports an error. Look for it in the log of the server.",
    };

    private static string FindCause(Exception e) => e switch
    {
        SocketException socket => socket.SocketErrorCode.ToString(),
        { InnerException: { } inner } => FindCause(inner),
        _ => e.GetType().Name,
    };
}
