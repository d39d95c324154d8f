using Microsoft.Extensions.Configuration;

namespace IncomingCalls;

/// <summary>Fills the options from a section. An entry that cannot be read is an entry with a problem, and the others work on.</summary>
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

    /// <summary>What is wrong with a value that could not be read, without the value, and what to write.</summary>
    public static string CreateErrorMessage(InvalidOperationException failure) => BindingErrorMessage.Create(failure);

    private static GreenApiInstanceOptions BindInstance(IConfigurationSection section)
    {
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
