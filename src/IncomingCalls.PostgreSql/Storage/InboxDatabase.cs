using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>
/// The connections of a node, in pools of their own: a claim is a transaction that is open while a handler runs, and busy handlers must not keep accepting from
/// getting a connection.
/// </summary>
internal sealed class InboxDatabase : IDisposable
{
    private const int AcceptingConnections = 6;
    private const int AlertConnections = 6;
    private const int OtherConnections = 4;

    public InboxDatabase(string connectionString, string schema, int claims)
    {
        Schema = new(schema);
        Accepting = Create(connectionString, "accepting", AcceptingConnections);
        // After a ROLLBACK by a handler, its statements would be committed one by one; they fail instead.
        Claims = Create(connectionString, "claims", claims, "-c default_transaction_read_only=on");
        Alerts = Create(connectionString, "alerts", AlertConnections, "-c default_transaction_read_only=on");
        Other = Create(connectionString, "inbox", OtherConnections);
    }

    public InboxSchema Schema { get; }

    /// <summary>The connections that accept notifications.</summary>
    public NpgsqlDataSource Accepting { get; }

    /// <summary>The connections that hold a delivery while its handler runs.</summary>
    public NpgsqlDataSource Claims { get; }

    /// <summary>The connections that hold an operator alert while its notifier runs: busy handlers do not keep it waiting.</summary>
    public NpgsqlDataSource Alerts { get; }

    /// <summary>All other connections: starts of attempts, looks for due work, administration. None of them is held while another one is waited for.</summary>
    public NpgsqlDataSource Other { get; }

    public void Dispose()
    {
        Accepting.Dispose();
        Claims.Dispose();
        Alerts.Dispose();
        Other.Dispose();
    }

    private static NpgsqlDataSource Create(string connectionString, string purpose, int connections, string? options = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.Options = options is null ? settings.Options : $"{settings.Options} {options}".Trim();
        settings = new(settings.ConnectionString)
        {
            ApplicationName = $"IncomingCalls {purpose}",
            MaxPoolSize = connections,
            MaxAutoPrepare = 40,
            AutoPrepareMinUsages = 2,
            // What the connection string enlists in would not be the transaction of the inbox.
            Enlist = false,
        };
        return new NpgsqlSlimDataSourceBuilder(settings.ConnectionString).EnableArrays().EnableTransportSecurity().Build();
    }
}
