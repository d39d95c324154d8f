using IncomingCalls.Processes;

namespace IncomingCalls.ClusterTests.Tests.PostgreSql;

/// <summary>A test that needs network namespaces. Where there are none it is skipped, except under CI, where it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute() => Skip = Environment.GetEnvironmentVariable("CI") == "true" ? null : NodeNetwork.Unavailable ?? PostgresServer.Missing;
}

/// <summary>A test that needs PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}
