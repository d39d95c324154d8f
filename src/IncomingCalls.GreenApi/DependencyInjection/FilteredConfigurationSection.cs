using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls;

/// <summary>A section without one of its children.</summary>
internal sealed class FilteredConfigurationSection(IConfigurationSection section, string child) : IConfigurationSection
{
    public string Key => section.Key;

    public string Path => section.Path;

    public string? Value
    {
        get => section.Value;
        set => section.Value = value;
    }

    public string? this[string key]
    {
        get => section[key];
        set => section[key] = value;
    }

    // The key below the child does not exist, so nothing is found there.
    public IConfigurationSection GetSection(string key) => section.GetSection(IsExcluded(key) ? $"{child}:{Guid.Empty}" : key);

    public IEnumerable<IConfigurationSection> GetChildren() => section.GetChildren().Where(other => !IsExcluded(other.Key));

    public IChangeToken GetReloadToken() => section.GetReloadToken();

    private bool IsExcluded(string key) => string.Equals(key, child, StringComparison.OrdinalIgnoreCase);
}
