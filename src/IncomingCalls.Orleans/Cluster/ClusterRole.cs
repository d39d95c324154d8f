using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Cluster;

/// <summary>The role of this host in the cluster, and its access to grains.</summary>
internal sealed class ClusterRole(IServiceProvider services)
{
    /// <summary>Gets whether the host is a client of the cluster, which calls grains and hosts none.</summary>
    public bool IsClient { get; } = services.GetService<ILocalSiloDetails>() is null;

    /// <summary>Gets the factory of grain references.</summary>
    /// <exception cref="InvalidOperationException">The host is neither a silo nor a client of a cluster.</exception>
    public IGrainFactory Grains => services.GetService<IGrainFactory>() ?? throw new InvalidOperationException(
        "UseOrleansInbox needs Microsoft Orleans in this host. Call builder.UseOrleans(...) to make it a silo, or builder.UseOrleansClient(...) if it only receives notifications.");
}
