using IncomingCalls.Orleans.Tests.Redis;

namespace IncomingCalls.EndToEnd.Tests.Cluster;

/// <summary>A test of several nodes needs Redis and PostgreSQL: without them it is skipped, except under CI, where they must be there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = Missing;

    /// <summary>Why there can be no cluster; null when there can, or has to be.</summary>
    public static string? Missing { get; } = RedisFactAttribute.Missing
        ?? (Environment.GetEnvironmentVariable("CI") == "true" || PostgresServer.Programs is not null ? null : "No PostgreSQL is installed.");
}
