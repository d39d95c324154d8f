using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>Opens connections of one pool. Thread-safe.</summary>
internal abstract class ConnectionSource : IDisposable
{
    /// <summary>Opens a connection.</summary>
    /// <exception cref="NpgsqlException">The server cannot be used, or no connection became free in time.</exception>
    public abstract ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken);

    /// <summary>Closes all sessions: those that are in use when their connection is closed.</summary>
    public abstract void Clear();

    public abstract void Dispose();
}

/// <summary>A pool that is built from a connection string.</summary>
internal sealed class OwnConnections(NpgsqlDataSource source) : ConnectionSource
{
    public override ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);

    public override void Clear() => source.Clear();

    public override void Dispose() => source.Dispose();
}

/// <summary>
/// A pool beside that of the host's data source, which does not show its password: a clone of one of its connections has the password, the certificates and another
/// connection string, and with that another pool.
/// </summary>
/// <param name="host">The data source of the host.</param>
/// <param name="connectionString">The connection string, without a password.</param>
internal sealed class ClonedConnections(NpgsqlDataSource host, string connectionString) : ConnectionSource
{
    private static readonly string[] PasswordStates = [PostgresErrorCodes.InvalidPassword, PostgresErrorCodes.InvalidAuthorizationSpecification];

    private volatile NpgsqlConnection? _template;

    public override async ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        var template = _template ??= await CloneAsync(cancellationToken);
        try
        {
            return await OpenAsync(template, cancellationToken);
        }
        catch (PostgresException e) when (PasswordStates.Contains(e.SqlState))
        {
            // The password of the data source may have changed since: the next clone has the present one.
            NpgsqlConnection.ClearPool(template);
            _template = null;
            throw;
        }
    }

    public override void Clear()
    {
        if (_template is { } template)
        {
            NpgsqlConnection.ClearPool(template);
        }
    }

    public override void Dispose()
    {
        Clear();
        _template?.Dispose();
    }

    private static async ValueTask<NpgsqlConnection> OpenAsync(NpgsqlConnection template, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)((ICloneable)template).Clone();
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async ValueTask<NpgsqlConnection> CloneAsync(CancellationToken cancellationToken)
    {
        await using var connection = host.CreateConnection();
        return await connection.CloneWithAsync(connectionString, cancellationToken);
    }
}
