using CallDesk.Demo;
using CallDesk.Store;

namespace CallDesk.Cluster;

/// <summary>What the section <c>Orleans</c> says.</summary>
internal sealed class ClusterSettings(IConfiguration configuration)
{
    /// <summary>The Redis that all nodes share; null for a desk of one process.</summary>
    public string? Redis { get; } = configuration["Orleans:Redis"] is { Length: > 0 } redis ? redis : null;

    /// <summary>The name of the cluster, for a Redis that serves several.</summary>
    public string Name { get; } = configuration["Orleans:ClusterId"] ?? "call-desk";

    /// <summary>Where other silos connect; null for any free port.</summary>
    public int? SiloPort { get; } = configuration.GetValue<int?>("Orleans:Endpoints:SiloPort");

    /// <summary>Where clients of the cluster connect; null for any free port.</summary>
    public int? GatewayPort { get; } = configuration.GetValue<int?>("Orleans:Endpoints:GatewayPort");

    /// <summary>The address of this machine that other silos use; null for the first that is found.</summary>
    public string? Address { get; } = configuration["Orleans:Endpoints:AdvertisedIPAddress"];

    /// <summary>Refuses settings under which the nodes would not show the same.</summary>
    /// <exception cref="InvalidOperationException">They would not.</exception>
    public void Validate(DeskConnection desk, DemoMode demo)
    {
        if (Redis is null)
        {
            return;
        }

        if (!desk.IsPostgres)
        {
            throw new InvalidOperationException(
                "Orleans:Redis makes this desk a node of a cluster, and all nodes write to one database: ConnectionStrings:Desk must name a " +
                "PostgreSQL (Host=...;Database=desk;Username=...;Password=...), or remove Orleans:Redis for a desk of one process.");
        }

        if (demo.IsOn)
        {
            throw new InvalidOperationException(
                "Orleans:Redis is set and there is nothing but a demonstration to show, which lives in one process. Write an instance to " +
                "GreenApi:Instances:0 or a token to IncomingCalls:Webhook:Tokens:0, set CallDesk:Demo to false, or remove Orleans:Redis.");
        }
    }
}
