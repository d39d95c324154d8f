namespace IncomingCalls.Conventions.Tests;

/// <summary>The layers of a package, from the bottom: a folder needs those of its own layer and of the layers below it.</summary>
internal sealed class LayerOrder(params string[][] layers)
{
    /// <summary>The layers of the core package. Within a layer of several folders any order without a cycle will do.</summary>
    public static LayerOrder Core { get; } = new(
        [CompiledPackage.Shared],
        ["Wire"],
        ["Calls"],
        ["Options"],
        ["Infrastructure"],
        ["Instances", "Callers", "Policies", "Telemetry"],
        ["Handling"],
        ["Records"],
        ["Inbox/State"],
        ["Inbox"],
        ["Inbox/Dispatch"],
        ["Inbox/InMemory"],
        ["Serialization"],
        ["Intake"],
        ["Health"],
        ["Hosting"],
        ["DependencyInjection"]);

    /// <summary>A folder that is not named is of the layer of the folder around it; null if none around it is named either.</summary>
    public int? Of(string folder)
    {
        for (var path = folder; path.Length > 0; path = path[..Math.Max(path.LastIndexOf('/'), 0)])
        {
            if (Array.FindIndex(layers, layer => layer.Contains(path)) is >= 0 and var layer)
            {
                return layer;
            }
        }

        return null;
    }

    public IReadOnlyList<string> DescribeUpwardUses(IEnumerable<TypeUse> uses) =>
    [
        .. uses.Where(use => Of(use.FromFolder) < Of(use.ToFolder))
            .GroupBy(use => (use.FromFolder, use.ToFolder))
            .OrderBy(edge => edge.Key)
            .Select(edge => $"{edge.Key.FromFolder} -> {edge.Key.ToFolder}: {string.Join(", ", edge.Select(use => $"{use.From} -> {use.To}").Order(StringComparer.Ordinal))}"),
    ];
}
