using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls;

/// <summary>What this host is in the cluster.</summary>
internal sealed class OrleansRole(IServiceProvider services)
{
    /// <summary>Whether it runs grains.</summary>
    public bool IsSilo { get; } = services.GetService<ILocalSiloDetails>() is not null;

    /// <summary>Whether it only calls them.</summary>
    public bool IsClient => !IsSilo;

    /// <summary>Whether it is in a cluster at all.</summary>
    public bool IsMember { get; } = services.GetService<IGrainFactory>() is not null;
}
