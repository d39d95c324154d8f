using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>Fills options from a section, once however often it is added: lists bound twice would double.</summary>
/// <param name="section">The section.</param>
/// <param name="bind">The generated binder, which has to be named where the type of the options is.</param>
internal sealed partial class BoundSection<TOptions>(IConfigurationSection section, Action<IConfigurationSection, TOptions> bind) : IConfigureOptions<TOptions>
    where TOptions : class
{
    public static void Add(IServiceCollection services, IConfigurationSection section, Action<IConfigurationSection, TOptions> bind)
    {
        if (services.Any(descriptor => descriptor.ImplementationInstance is BoundSection<TOptions> bound && bound.Path == section.Path))
        {
            return;
        }

        services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(new ConfigurationChangeTokenSource<TOptions>(section));
        // Options are configured in the order of registration: first place, so that code wins also when an earlier call brought it.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<TOptions>>(new BoundSection<TOptions>(section, bind)));
    }

    /// <summary>What is wrong with a value that the binder could not read, and what to write. Not the value: it may be a secret under the wrong key.</summary>
    public static string Complaint(InvalidOperationException failure)
    {
        var told = Told().Match(failure.Message);
        var type = told.Groups["type"].Value;
        return told.Success ? $"{told.Groups["key"].Value} cannot be read. {Advice(type[(type.LastIndexOf('.') + 1)..])}" : failure.Message;
    }

    /// <exception cref="OptionsValidationException">A value cannot be read; the message names the key and says what to write.</exception>
    public void Configure(TOptions options)
    {
        try
        {
            bind(section, options);
        }
        catch (InvalidOperationException e)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(TOptions), [Complaint(e)]);
        }
    }

    private string Path => section.Path;

    private static string Advice(string type) => type switch
    {
        nameof(CallScenario) => $"Write {string.Join(", ", Enum.GetNames<CallScenario>())}.",
        nameof(CallLabel) => "Write IncomingCall, AnsweredCall, DroppedCall or MissedCall.",
        nameof(ReceiveMode) => "Write Polling or Webhook.",
        nameof(TimeSpan) => "Write a time as 00:01:00, one minute.",
        nameof(Boolean) => "Write true or false.",
        _ => "Write a whole number.",
    };

    // The binder names the value, the key and the type, but not what the type would accept.
    [GeneratedRegex("at '(?<key>[^']+)' to type '(?<type>[^']+)'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Told();
}
