using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>The data source that the host has passed to the inbox and disposes of.</summary>
internal sealed record HostDataSource(NpgsqlDataSource Source);
