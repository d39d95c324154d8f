using System.Collections.Immutable;
using IncomingCalls.Inboxes;
using Orleans.Metadata;

namespace IncomingCalls;

/// <summary>Writes into the cluster's manifest which handlers this silo has. All silos have the manifest of all, before they call each other.</summary>
internal sealed class SiloHandlers(InboxServices inbox) : IGrainPropertiesProvider
{
    private const string Property = "incoming-calls.handlers";

    /// <summary>No name of a type has it.</summary>
    private const char Separator = '\n';

    private static readonly GrainType Call = GrainType.Create(CallGrain.Type);

    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        if (grainType == Call)
        {
            properties[Property] = string.Join(Separator, inbox.HandlerNames);
        }
    }

    /// <summary>Whether a silo has the grains, whoever registered what they need.</summary>
    public static bool HasGrains(GrainManifest silo) => silo.Grains.ContainsKey(Call);

    /// <summary>The names of a silo's handlers; null when it has no inbox.</summary>
    public static ImmutableHashSet<string>? Of(GrainManifest silo) =>
        silo.Grains.TryGetValue(Call, out var call) && call.Properties.TryGetValue(Property, out var names)
            ? names.Split(Separator).ToImmutableHashSet(StringComparer.Ordinal)
            : null;
}
