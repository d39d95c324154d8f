using IncomingCalls.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.GreenApi.Options;

/// <summary>Binds the options to a section. An entry that cannot be read carries a binding error, and the other entries remain usable.</summary>
internal static class GreenApiOptionsBinder
{
    private const string Instances = nameof(GreenApiOptions.Instances);

    /// <exception cref="InvalidOperationException">A value outside the entries cannot be read.</exception>
    public static void Bind(IConfigurationSection section, GreenApiOptions options)
    {
        new FilteredConfigurationSection(section, Instances).Bind(options);
        var entries = section.GetSection(Instances).GetChildren().Select(BindInstance).ToList();
        options.Instances = entries.Count == 0 ? options.Instances : entries;
    }

    /// <summary>Creates a message of whole sentences that names the key that could not be read and what to write, without the value.</summary>
    public static string CreateErrorMessage(InvalidOperationException failure) => BindingErrorMessage.Create(failure);

    private static GreenApiInstanceOptions BindInstance(IConfigurationSection section)
    {
        // The binder would read an entry without any value.
        if (!string.IsNullOrEmpty(section.Value))
        {
            return new() { BindingError = $"It is a single value instead of a section. Write {section.Path}:{GreenApiInstanceOptions.Keys.GetExamplePath()}, for example." };
        }

        var entry = new GreenApiInstanceOptions();
        try
        {
            section.Bind(entry);
            return entry;
        }
        catch (InvalidOperationException e)
        {
            return new() { BindingError = CreateErrorMessage(e) };
        }
    }
}

/// <summary>A configuration section that hides one of its children.</summary>
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

    // A key below the child that cannot exist yields an empty section.
    public IConfigurationSection GetSection(string key) => section.GetSection(IsExcluded(key) ? $"{child}:{Guid.Empty}" : key);

    public IEnumerable<IConfigurationSection> GetChildren() => section.GetChildren().Where(other => !IsExcluded(other.Key));

    public IChangeToken GetReloadToken() => section.GetReloadToken();

    private bool IsExcluded(string key) => string.Equals(key, child, StringComparison.OrdinalIgnoreCase);
}
