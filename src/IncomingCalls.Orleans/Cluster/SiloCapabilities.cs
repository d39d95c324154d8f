using System.Collections.Immutable;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Calls;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;

namespace IncomingCalls.Orleans.Cluster;

/// <summary>
/// Adds the capabilities of this silo to the cluster manifest: its handlers, and whether it can poll. Every silo has the manifests of all
/// silos before it calls them.
/// </summary>
internal sealed class SiloCapabilities(AttemptRunner runner, IServiceProviderIsService services) : IGrainPropertiesProvider
{
    private const string HandlersProperty = "incoming-calls.handlers";
    private const string PollingProperty = "incoming-calls.polls";

    /// <summary>A character that no type name contains.</summary>
    private const char Separator = '\n';

    private static readonly GrainType CallGrainType = GrainType.Create(CallGrain.Type);

    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        if (grainType == CallGrainType)
        {
            properties[HandlersProperty] = string.Join(Separator, runner.HandlerNames);
            if (services.IsService(typeof(IInstanceWorker)))
            {
                properties[PollingProperty] = bool.TrueString;
            }
        }
    }

    /// <summary>Determines whether a silo has the grain classes, regardless of whether their services are registered.</summary>
    public static bool HasGrains(GrainManifest silo) => silo.Grains.ContainsKey(CallGrainType);

    /// <summary>Gets the handler names of a silo; null when it has no inbox.</summary>
    public static ImmutableHashSet<string>? HandlersOf(GrainManifest silo) => PropertyOf(silo, HandlersProperty)?.Split(Separator).ToImmutableHashSet(StringComparer.Ordinal);

    /// <summary>Determines whether call grains can run on a silo.</summary>
    public static bool HasInbox(GrainManifest silo) => PropertyOf(silo, HandlersProperty) is not null;

    /// <summary>Determines whether a silo can poll instances.</summary>
    public static bool CanPoll(GrainManifest silo) => PropertyOf(silo, PollingProperty) is not null;

    private static string? PropertyOf(GrainManifest silo, string name) =>
        silo.Grains.TryGetValue(CallGrainType, out var call) ? call.Properties.GetValueOrDefault(name) : null;
}
