using System.Net.Sockets;
using Npgsql;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>Recognizes the exceptions of a database that cannot be used.</summary>
internal static class DatabaseFailure
{
    /// <summary>Returns whether an exception means that the database cannot be used at the moment. A name that cannot be resolved is not wrapped by Npgsql.</summary>
    public static bool Matches(Exception e) => e is NpgsqlException or SocketException or IOException or TimeoutException;
}
