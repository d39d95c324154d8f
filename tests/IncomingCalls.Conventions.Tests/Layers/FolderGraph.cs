using System.Globalization;

namespace IncomingCalls.Conventions.Tests;

/// <summary>Which folders of a package need which others, and because of which types.</summary>
internal sealed class FolderGraph
{
    private const int Examples = 6;

    private readonly TypeUse[] _uses;
    private readonly ILookup<(string From, string To), TypeUse> _edges;
    private readonly Dictionary<string, HashSet<string>> _reach;

    public FolderGraph(IEnumerable<TypeUse> uses)
    {
        _uses = [.. uses.Where(use => use.FromFolder != use.ToFolder).Distinct()];
        _edges = _uses.ToLookup(use => (use.FromFolder, use.ToFolder));
        var next = _edges.ToLookup(edge => edge.Key.From, edge => edge.Key.To);
        _reach = next.ToDictionary(node => node.Key, node => Reach(node.Key, next));
    }

    /// <summary>The groups of folders that all need each other, directly or through others.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cycles =>
    [
        .. _reach.Where(node => node.Value.Contains(node.Key))
            .Select(node => node.Value.Where(other => IsReached(node.Key, other)).Order(StringComparer.Ordinal).ToArray())
            .DistinctBy(folders => folders[0])
            .OrderBy(folders => folders[0], StringComparer.Ordinal),
    ];

    /// <summary>
    /// The cycles between single folders, and those that appear only when a folder is taken together with the folders in it:
    /// a folder and the one that holds it are two nodes at first, then one.
    /// </summary>
    public IReadOnlyList<string> DescribeCycles()
    {
        var described = new List<string>();
        var known = new HashSet<(string From, string To)>();
        for (var depth = _uses.Select(use => Math.Max(Depth(use.FromFolder), Depth(use.ToFolder))).DefaultIfEmpty().Max(); depth > 0; depth--)
        {
            var graph = UpTo(depth);
            foreach (var cycle in graph.Cycles)
            {
                var edges = graph.EdgesWithin(cycle);
                if (edges.Any(edge => !edge.All(use => known.Contains((use.From, use.To)))))
                {
                    described.Add($"{string.Join(", ", cycle.Select(Name))} need each other:\n{string.Join('\n', edges.Select(edge => graph.Describe(edge.Key)))}");
                }

                known.UnionWith(edges.SelectMany(edge => edge).Select(use => (use.From, use.To)));
            }
        }

        return described;
    }

    public static string Name(string folder) => folder.Length == 0 ? "(root)" : folder;

    private FolderGraph UpTo(int depth) =>
        new(_uses.Select(use => use with { FromFolder = Cut(use.FromFolder, depth), ToFolder = Cut(use.ToFolder, depth) }));

    /// <summary>Two folders that need each other stand together, the rarer direction first: it is the one to remove.</summary>
    private IGrouping<(string From, string To), TypeUse>[] EdgesWithin(IReadOnlyList<string> cycle) =>
    [
        .. _edges.Where(edge => cycle.Contains(edge.Key.From) && cycle.Contains(edge.Key.To))
            .OrderBy(edge => IsMutual(edge.Key) ? 0 : 1)
            .ThenBy(edge => string.Join('\n', new[] { edge.Key.From, edge.Key.To }.Order(StringComparer.Ordinal)), StringComparer.Ordinal)
            .ThenBy(edge => edge.Count()),
    ];

    private string Describe((string From, string To) edge)
    {
        var uses = _edges[edge].Select(use => $"{use.From} -> {use.To}").Order(StringComparer.Ordinal).ToArray();
        var rest = uses.Length > Examples ? string.Create(CultureInfo.InvariantCulture, $", and {uses.Length - Examples} more") : "";
        return $"    {Name(edge.From)} {(IsMutual(edge) ? "<->" : "->")} {Name(edge.To)}: {string.Join(", ", uses.Take(Examples))}{rest}";
    }

    private bool IsMutual((string From, string To) edge) => _edges.Contains((edge.To, edge.From));

    private bool IsReached(string folder, string from) => _reach.TryGetValue(from, out var reach) && reach.Contains(folder);

    private static HashSet<string> Reach(string folder, ILookup<string, string> next)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>(next[folder]);
        while (open.TryPop(out var node))
        {
            if (reached.Add(node))
            {
                foreach (var other in next[node])
                {
                    open.Push(other);
                }
            }
        }

        return reached;
    }

    private static int Depth(string folder) => folder.Split('/').Length;

    private static string Cut(string folder, int depth) => string.Join('/', folder.Split('/').Take(depth));
}
