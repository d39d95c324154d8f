using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>Builds the pools of the inbox.</summary>
/// <param name="connectionString">The connection string; null for that of the host's data source.</param>
/// <param name="host">The data source of the host; null when there is none.</param>
/// <param name="configure">Configures each builder: passwords, certificates, types; null for nothing.</param>
internal sealed class PoolBuilder(string? connectionString, HostDataSource? host, Action<NpgsqlDataSourceBuilder>? configure)
{
    /// <summary>Builds a pool.</summary>
    /// <param name="purpose">The purpose, which the application name ends with.</param>
    /// <param name="connections">The maximum number of connections.</param>
    /// <param name="settings">The settings of the sessions.</param>
    /// <param name="server">The server.</param>
    public ConnectionSource Build(string purpose, int connections, SessionSettings settings, ServerFacts server)
    {
        var connection = CreateSettings(purpose);
        connection.MinPoolSize = 0;
        connection.MaxPoolSize = connections;
        if (server.IsPooled)
        {
            // What Npgsql has prepared is in another session.
            connection.MaxAutoPrepare = 0;
        }
        else
        {
            connection.MaxAutoPrepare = 40;
            connection.AutoPrepareMinUsages = 2;
            connection.Options = $"{connection.Options} {settings.StartupOptions}".Trim();
        }

        return Build(connection);
    }

    /// <summary>Builds a source of single connections, which are closed after their use.</summary>
    public ConnectionSource BuildSingle(string? startupOptions)
    {
        var connection = CreateSettings("start");
        connection.Pooling = false;
        connection.MaxAutoPrepare = 0;
        connection.Options = startupOptions is null ? connection.Options : $"{connection.Options} {startupOptions}".Trim();
        return Build(connection);
    }

    private NpgsqlConnectionStringBuilder CreateSettings(string purpose)
    {
        NpgsqlConnectionStringBuilder settings = new(connectionString ?? host!.Source.ConnectionString)
        {
            ApplicationName = $"IncomingCalls {purpose}",
            Pooling = true,
            Multiplexing = false,
            // A statement of the inbox is short, and a link that is dead must be noticed, whatever the host needs for its reports.
            CommandTimeout = 30,
            KeepAlive = 0,
            // Only a handler that takes part in a transaction sets something, and ClaimTransaction resets it.
            NoResetOnClose = true,
            // What the connection string enlists in would not be the transaction of the inbox.
            Enlist = false,
            // The detail of an error quotes values, such as phone numbers.
            IncludeErrorDetail = false,
        };
        if (settings.Host?.Contains(',', StringComparison.Ordinal) == true)
        {
            settings.TargetSessionAttributes = "primary";
        }

        return settings;
    }

    private ConnectionSource Build(NpgsqlConnectionStringBuilder settings)
    {
        if (connectionString is null && configure is null)
        {
            return new ClonedConnections(host!.Source, settings.ConnectionString);
        }

        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        configure?.Invoke(builder);
        return new OwnConnections(builder.Build());
    }
}
