using Microsoft.Extensions.Configuration;

namespace IncomingCalls.Shared;

/// <summary>Compares the keys of a configuration section with those that its options have. The binder ignores every key that it does not know.</summary>
internal sealed class ConfigurationKeyCheck
{
    private readonly List<string> _problems = [];
    private readonly List<UnknownKey> _unknown = [];
    private readonly IConfigurationSection _root;
    private readonly string[] _knownPaths;

    public ConfigurationKeyCheck(IConfigurationSection section, KnownKeys keys)
    {
        _root = section;
        _knownPaths = [.. keys.ListPaths()];
        Check(section, keys);
    }

    /// <summary>Keys that cannot be right, each as sentences that say what to write: a key of version 1, or a single value in place of a list or a section.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Keys that have no effect.</summary>
    public IReadOnlyList<UnknownKey> Unknown => _unknown;

    private void Check(IConfigurationSection section, KnownKeys keys)
    {
        switch (keys.Kind)
        {
            case KeyKind.Renamed:
                _problems.Add($"{section.Path} is a key of version 1 and has no effect. Write {_root.Path}:{keys.NewKey} instead.{(keys.Change is null ? "" : $" {keys.Change}")}");
                break;
            case KeyKind.OtherSection:
                break;
            case KeyKind.Value:
                _unknown.AddRange(section.GetChildren().Select(child => new UnknownKey(child.Path, section.Path)));
                break;
            default:
                CheckSingleValue(section, keys);
                CheckChildren(section, keys);
                break;
        }
    }

    private void CheckChildren(IConfigurationSection section, KnownKeys keys)
    {
        foreach (var child in section.GetChildren())
        {
            if ((keys.Item ?? keys.Find(child.Key)) is not { } known)
            {
                _unknown.Add(new(child.Path, FindNearest(child, section.Path, keys)));
            }
            // An invalid item of a list of sections is skipped and logged by the one who binds it; it does not invalidate the options.
            else if (keys.Kind != KeyKind.List || known.Kind != KeyKind.Section || !HasValue(child))
            {
                Check(child, known);
            }
        }
    }

    // The value is not shown, because it can be a secret.
    private void CheckSingleValue(IConfigurationSection section, KnownKeys keys)
    {
        if (HasValue(section))
        {
            _problems.Add(keys.Kind == KeyKind.List
                ? $"{section.Path} is a single value instead of a list. Write its items as {section.Path}:0 and so on, or as an array in JSON."
                : $"{section.Path} is a single value instead of a section. Write {section.Path}:{keys.GetExamplePath()}, for example.");
        }
    }

    /// <summary>The keys of the same section come first: a key elsewhere must be more similar.</summary>
    private string FindNearest(IConfigurationSection unknown, string sectionPath, KnownKeys keys) =>
        keys.ListPaths().Where(path => !path.Contains(':', StringComparison.Ordinal))
            .Select(key => (Path: $"{sectionPath}:{key}", Distance: MeasureDistance(unknown.Key, key)))
            .Concat(_knownPaths.Select(path => (Path: $"{_root.Path}:{path}", Distance: MeasureDistance(unknown.Key, path[(path.LastIndexOf(':') + 1)..]) + 1)))
            .MinBy(candidate => candidate.Distance).Path;

    /// <summary>A part of a known key, such as <c>ApiToken</c> of <c>ApiTokenInstance</c>, is as near as two wrong letters.</summary>
    private static int MeasureDistance(string unknown, string known) => known.Contains(unknown, StringComparison.OrdinalIgnoreCase)
        ? Math.Min(2, TextDistance.Between(unknown, known))
        : TextDistance.Between(unknown, known);

    // An empty text is an empty list or section.
    private static bool HasValue(IConfigurationSection section) => !string.IsNullOrEmpty(section.Value);
}

/// <summary>A key that no options have.</summary>
/// <param name="Key">The key.</param>
/// <param name="NearestKey">The known key with the most similar name.</param>
internal sealed record UnknownKey(string Key, string NearestKey);
