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
    private const int StartConnections = 4;
    private const int OtherConnections = 4;

    /// <summary>
    /// A commit is on the disk when it returns, whatever the role has set. The server notices within seconds that the machine of a session is gone, and ends a session
    /// that is silent in a transaction, so that neither holds a lock.
    /// </summary>
    private const string SessionOptions =
        "-c synchronous_commit=on -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000 -c idle_in_transaction_session_timeout=20000";

    public InboxDatabase(string connectionString, string schema, int claims)
    {
        Schema = new(schema);
        // After a ROLLBACK by a handler, its statements would be committed one by one; with a session that is read-only outside of the claim they fail instead.
        Accepting = Create(connectionString, "accepting", AcceptingConnections, isReadOnly: false);
        Claims = Create(connectionString, "claims", claims, isReadOnly: true);
        Alerts = Create(connectionString, "alerts", AlertConnections, isReadOnly: true);
        Starts = Create(connectionString, "starts", StartConnections, isReadOnly: false);
        Other = Create(connectionString, "inbox", OtherConnections, isReadOnly: false);
    }

    public InboxSchema Schema { get; }

    /// <summary>The connections that accept notifications.</summary>
    public NpgsqlDataSource Accepting { get; }

    /// <summary>The connections that hold a delivery while its handler runs.</summary>
    public NpgsqlDataSource Claims { get; }

    /// <summary>The connections that hold an operator alert while its notifier runs: busy handlers do not keep it waiting.</summary>
    public NpgsqlDataSource Alerts { get; }

    /// <summary>The connections that record the start of an attempt, while another one holds its claim.</summary>
    public NpgsqlDataSource Starts { get; }

    /// <summary>All other connections: looks for due work, administration. None of them is held while another one is waited for.</summary>
    public NpgsqlDataSource Other { get; }

    public void Dispose()
    {
        Accepting.Dispose();
        Claims.Dispose();
        Alerts.Dispose();
        Starts.Dispose();
        Other.Dispose();
    }

    /// <summary>Creates a pool of connections.</summary>
    /// <exception cref="ArgumentException">The connection string is invalid.</exception>
    public static NpgsqlDataSource Create(string connectionString, string purpose, int connections, bool isReadOnly)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings = new(settings.ConnectionString)
        {
            ApplicationName = $"IncomingCalls {purpose}",
            MinPoolSize = 0,
            MaxPoolSize = connections,
            MaxAutoPrepare = 40,
            AutoPrepareMinUsages = 2,
            Options = $"{settings.Options} {SessionOptions} -c default_transaction_read_only={(isReadOnly ? "on" : "off")}".Trim(),
            // What the connection string enlists in would not be the transaction of the inbox.
            Enlist = false,
            // Only a handler that takes part in a transaction sets something, and ClaimTransaction resets it.
            NoResetOnClose = true,
            // The detail of an error quotes values, such as phone numbers.
            IncludeErrorDetail = false,
        };
        if (settings.Host?.Contains(',', StringComparison.Ordinal) == true)
        {
            settings.TargetSessionAttributes = "primary";
        }

        return new NpgsqlSlimDataSourceBuilder(settings.ConnectionString).EnableArrays().EnableTransportSecurity().Build();
    }
}
