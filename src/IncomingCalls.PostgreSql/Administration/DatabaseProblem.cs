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
        PostgresException failure => $"The inbox in the schema {schema} cannot be used (SQLSTATE {failure.SqlState}).{Advise(failure.SqlState)}",
        _ => $"The database of the inbox does not respond ({FindCause(e)}). Check the host and the port of the connection string, the network, and whether the server runs.",
    };

    private static string Advise(string state) =>
        DatabaseFailure.Advise(state, "the connection string") is { Length: > 0 } advice ? advice : " Look for the error in the log of the server.";

    private static string FindCause(Exception e) => e switch
    {
        SocketException socket => socket.SocketErrorCode.ToString(),
        { InnerException: { } inner } => FindCause(inner),
        _ => e.GetType().Name,
    };
}
