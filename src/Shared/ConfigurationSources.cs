using Microsoft.Extensions.Configuration;

namespace IncomingCalls.Shared;

/// <summary>
/// The sources of the configuration that provide values of some sections. A source without any value has a file that is missing, empty or
/// unreadable; the configuration then continues without it, and the options would change to their default values.
/// </summary>
/// <param name="configuration">The configuration of the host; null, or without providers, when nothing can be detected.</param>
/// <param name="sections">The paths of the sections.</param>
internal sealed class ConfigurationSources(IConfiguration? configuration, IReadOnlyCollection<string> sections)
{
    private IConfigurationProvider[] _used = [];

    /// <summary>Remembers which sources provide values at present.</summary>
    public void Remember() =>
        _used = [.. (configuration as IConfigurationRoot)?.Providers.Where(provider => sections.Any(section => HasKeys(provider, section))) ?? []];

    /// <summary>Finds a remembered source that no longer has any value, not even outside the sections; null when there is none.</summary>
    public IConfigurationProvider? FindEmptied() => Array.Find(_used, provider => !HasKeys(provider, parent: null));

    private static bool HasKeys(IConfigurationProvider provider, string? parent) => provider.GetChildKeys([], parent).Any();
}
