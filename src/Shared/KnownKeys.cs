using System.Collections;

namespace IncomingCalls.Shared;

/// <summary>What the configuration has at a key.</summary>
internal enum KeyKind
{
    /// <summary>Keys with fixed names.</summary>
    Section,

    /// <summary>A single value.</summary>
    Value,

    /// <summary>Numbered items.</summary>
    List,

    /// <summary>Keys that the host names, such as the numbers of its instances.</summary>
    Entries,

    /// <summary>A section that another package reads, and validates if the host uses it.</summary>
    OtherSection,

    /// <summary>A key of version 1, which has another name now.</summary>
    Renamed,
}

/// <summary>
/// The keys that the configuration can have at a place. They are listed beside each options class instead of being derived from its properties,
/// because a trimmed program may have no metadata of the properties; a test compares the two.
/// </summary>
internal sealed class KnownKeys : IEnumerable<KeyValuePair<string, KnownKeys>>
{
    private readonly List<KeyValuePair<string, KnownKeys>> _keys = [];

    /// <summary>A single value.</summary>
    public static KnownKeys Value { get; } = new() { Kind = KeyKind.Value };

    /// <summary>A section that another package reads.</summary>
    public static KnownKeys OtherSection { get; } = new() { Kind = KeyKind.OtherSection };

    public KeyKind Kind { get; private init; } = KeyKind.Section;

    /// <summary>What each item of a list, or each entry, has; otherwise null.</summary>
    public KnownKeys? Item { get; private init; }

    /// <summary>The key that replaces a renamed one, below the section that is bound to the options; otherwise null.</summary>
    public string? NewKey { get; private init; }

    /// <summary>What changed beside the name of a renamed key, as a sentence; otherwise null.</summary>
    public string? Change { get; private init; }

    /// <summary>The key of an entry or item, as an example; empty for other kinds.</summary>
    private string ExampleKey { get; init; } = "";

    /// <summary>A list of single values.</summary>
    public static KnownKeys List() => List(Value);

    /// <summary>A list of sections.</summary>
    public static KnownKeys List(KnownKeys item) => new() { Kind = KeyKind.List, Item = item, ExampleKey = "0" };

    /// <summary>Keys that the host names, with single values.</summary>
    /// <param name="exampleKey">Such a key.</param>
    public static KnownKeys Entries(string exampleKey) => Entries(exampleKey, Value);

    /// <summary>Keys that the host names, with keys below them.</summary>
    /// <param name="exampleKey">Such a key.</param>
    /// <param name="item">The keys below it.</param>
    public static KnownKeys Entries(string exampleKey, KnownKeys item) => new() { Kind = KeyKind.Entries, Item = item, ExampleKey = exampleKey };

    /// <summary>A key of version 1.</summary>
    /// <param name="newKey">The present key, below the section that is bound to the options.</param>
    /// <param name="change">What changed beside the name, as a sentence; null for nothing.</param>
    public static KnownKeys Renamed(string newKey, string? change = null) => new() { Kind = KeyKind.Renamed, NewKey = newKey, Change = change };

    /// <summary>Adds a key with a single value.</summary>
    public void Add(string key) => Add(key, Value);

    /// <summary>Adds a key.</summary>
    public void Add(string key, KnownKeys content) => _keys.Add(new(key, content));

    /// <summary>Finds what is at a key of a section; null when the key is unknown.</summary>
    public KnownKeys? Find(string key) => _keys.Find(known => known.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Gets a path with a single value from here, as an example: <c>ru:MissedCall</c>. Empty if this is a single value.</summary>
    public string GetExamplePath() => Kind == KeyKind.Section
        ? Join(_keys[0].Key, _keys[0].Value.GetExamplePath())
        : Join(ExampleKey, Item?.GetExamplePath() ?? "");

    /// <summary>Lists the paths of all keys of this version below this place, sections and lists included.</summary>
    public IEnumerable<string> ListPaths() => Kind == KeyKind.Section
        ? from known in _keys
          where known.Value.Kind != KeyKind.Renamed
          let below = known.Value.ListPaths().ToArray()
          // A section of version 1 has renamed keys only.
          where known.Value.Kind != KeyKind.Section || below.Length > 0
          from path in below.Prepend("")
          select Join(known.Key, path)
        : Item is { Kind: KeyKind.Section } ? Item.ListPaths().Select(path => Join(ExampleKey, path)) : [];

    public IEnumerator<KeyValuePair<string, KnownKeys>> GetEnumerator() => _keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Join(string key, string path) => path.Length == 0 ? key : $"{key}:{path}";
}
