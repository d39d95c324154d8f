using CallDesk.Demo;
using CallDesk.Store;

namespace CallDesk.Cluster;

/// <summary>The configuration section <c>Orleans</c>.</summary>
internal sealed class ClusterSettings(IConfiguration configuration)
{
    /// <summary>The connection string of the Redis that all nodes share; null for a single process.</summary>
    public string? Redis { get; } = configuration["Orleans:Redis"] is { Length: > 0 } redis ? redis : null;

    /// <summary>The name of the cluster, for a Redis that serves several.</summary>
    public string Name { get; } = configuration["Orleans:ClusterId"] ?? "call-desk";

    /// <summary>The port for other silos; null for any free port.</summary>
    public int? SiloPort { get; } = configuration.GetValue<int?>("Orleans:Endpoints:SiloPort");

    /// <summary>The port for clients of the cluster; null for any free port.</summary>
    public int? GatewayPort { get; } = configuration.GetValue<int?>("Orleans:Endpoints:GatewayPort");

    /// <summary>The address of this machine that other silos connect to; null for the first one found.</summary>
    public string? Address { get; } = configuration["Orleans:Endpoints:AdvertisedIPAddress"];

    /// <summary>Validates that all nodes of the cluster would show the same calls.</summary>
    /// <exception cref="InvalidOperationException">The settings are not valid for a cluster.</exception>
    public void Validate(DeskConnection desk, DemoMode demo)
    {
        if (Redis is null)
        {
            return;
        }

        if (!desk.IsPostgres)
        {
            throw new InvalidOperationException(
                "Orleans:Redis makes this desk a node of a cluster, and all nodes must write to the same database. ConnectionStrings:Desk must name a PostgreSQL " +
                "database (Host=...;Database=desk;Username=...;Password=...). To run a single process, remove Orleans:Redis.");
        }

        if (demo.IsOn)
        {
            throw new InvalidOperationException(
                "Orleans:Redis is set, but the desk is in demo mode, which supports a single process only. Write an instance to GreenApi:Instances:0 or a token " +
                "to IncomingCalls:Webhook:Tokens:0, set CallDesk:Demo to false, or remove Orleans:Redis.");
        }
    }
}
