using System.Collections.Immutable;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Calls;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;

namespace IncomingCalls.Orleans.Cluster;

/// <summary>
/// Writes into the cluster's manifest what this silo can do: which handlers it has, and whether it can poll. All silos have the manifest of
/// all, before they call each other.
/// </summary>
internal sealed class SiloCapabilities(InboxServices inbox, IServiceProviderIsService services) : IGrainPropertiesProvider
{
    private const string HandlersProperty = "incoming-calls.handlers";
    private const string PollingProperty = "incoming-calls.polls";

    /// <summary>No name of a type has it.</summary>
    private const char Separator = '\n';

    private static readonly GrainType CallGrainType = GrainType.Create(CallGrain.Type);

    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        if (grainType == CallGrainType)
        {
            properties[HandlersProperty] = string.Join(Separator, inbox.HandlerNames);
            if (services.IsService(typeof(IInstanceWorker)))
            {
                properties[PollingProperty] = bool.TrueString;
            }
        }
    }

    /// <summary>Whether a silo has the grains, whoever registered what they need.</summary>
    public static bool HasGrains(GrainManifest silo) => silo.Grains.ContainsKey(CallGrainType);

    /// <summary>The names of a silo's handlers; null when it has no inbox.</summary>
    public static ImmutableHashSet<string>? HandlersOf(GrainManifest silo) => PropertyOf(silo, HandlersProperty)?.Split(Separator).ToImmutableHashSet(StringComparer.Ordinal);

    /// <summary>Whether calls can be kept on a silo.</summary>
    public static bool HasInbox(GrainManifest silo) => PropertyOf(silo, HandlersProperty) is not null;

    /// <summary>Whether instances can be polled from a silo.</summary>
    public static bool CanPoll(GrainManifest silo) => PropertyOf(silo, PollingProperty) is not null;

    private static string? PropertyOf(GrainManifest silo, string name) =>
        silo.Grains.TryGetValue(CallGrainType, out var call) ? call.Properties.GetValueOrDefault(name) : null;
}
