using CallDesk.Store;
using IncomingCalls;
using Npgsql;

namespace CallDesk.Postgres;

/// <summary>The desk on one or several nodes whose calls and rows are in PostgreSQL.</summary>
internal static class PostgresNodes
{
    /// <summary>Publishes changes to all nodes through the database of the desk.</summary>
    public static void AddPostgresNode(this IServiceCollection services)
    {
        services.AddScoped<IDeskWriter, NotifyingWriter>();
        services.AddHostedService<ChangeListener>();
    }

    /// <summary>Uses the PostgreSQL inbox: in the database of the desk, unless <c>IncomingCalls:PostgreSql:ConnectionString</c> names another one.</summary>
    /// <remarks>In the same database, what a handler writes is committed together with the end of its delivery.</remarks>
    public static IIncomingCallsBuilder UsePostgresInbox(this IIncomingCallsBuilder builder, IConfiguration configuration, DeskConnection desk)
    {
        var inbox = configuration["IncomingCalls:PostgreSql:ConnectionString"] is { Length: > 0 } other ? other : desk.ConnectionString;
        builder.UsePostgreSqlInbox(inbox);
        return NameTheSameDatabase(inbox, desk.ConnectionString) ? builder.AddFilter<EventTransactionFilter>() : builder;
    }

    /// <summary>Compares the users as well, since the inbox's user may have no rights on the tables of the desk.</summary>
    private static bool NameTheSameDatabase(string connectionString, string other)
    {
        NpgsqlConnectionStringBuilder a = new(connectionString), b = new(other);
        return (a.Host, a.Port, a.Database, a.Username) == (b.Host, b.Port, b.Database, b.Username);
    }
}
