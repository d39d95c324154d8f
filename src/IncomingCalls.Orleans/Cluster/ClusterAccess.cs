using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Cluster;

/// <summary>What this host is in the cluster.</summary>
internal sealed class ClusterAccess(IServiceProvider services)
{
    /// <summary>Whether it only calls grains, and runs none.</summary>
    public bool IsClient { get; } = services.GetService<ILocalSiloDetails>() is null;

    /// <summary>The way to the grains.</summary>
    /// <exception cref="InvalidOperationException">The host has nothing to do with Orleans.</exception>
    public IGrainFactory Grains => services.GetService<IGrainFactory>() ?? throw new InvalidOperationException(
        "UseOrleansInbox needs Microsoft Orleans in this host. Call builder.UseOrleans(...) to make it a silo, or builder.UseOrleansClient(...) if it only receives.");
}
