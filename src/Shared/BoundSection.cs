using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Shared;

/// <summary>Binds options to a configuration section. Adding the same section again has no effect, because binding a list twice would duplicate its items.</summary>
/// <param name="section">The section.</param>
/// <param name="keys">The keys that the section can have.</param>
/// <param name="bind">The call of the source-generated binder, which has to be written where the type of the options is known.</param>
internal sealed class BoundSection<TOptions>(IConfigurationSection section, KnownKeys keys, Action<IConfigurationSection, TOptions> bind) : IConfigureOptions<TOptions>
    where TOptions : class
{
    public static void Add(IServiceCollection services, IConfigurationSection section, KnownKeys keys, Action<IConfigurationSection, TOptions> bind)
    {
        if (services.Any(descriptor => descriptor.ImplementationInstance is BoundSection<TOptions> bound && bound.Section.Path == section.Path))
        {
            return;
        }

        var added = new BoundSection<TOptions>(section, keys, bind);
        services.AddSingleton(added);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, BoundSectionValidator<TOptions>>());
        services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(new ConfigurationChangeTokenSource<TOptions>(section));
        // Options are configured in the order of registration. The first place lets code take precedence even if it was registered earlier.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<TOptions>>(added));
    }

    /// <summary>The section, for validators that check the text of its values.</summary>
    public IConfigurationSection Section => section;

    /// <summary>The keys that the section can have.</summary>
    public KnownKeys Keys => keys;

    /// <exception cref="OptionsValidationException">A value cannot be converted. The message names the key and a valid value.</exception>
    public void Configure(TOptions options)
    {
        try
        {
            bind(section, options);
        }
        catch (InvalidOperationException e)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(TOptions), [BindingErrorMessage.Create(e)]);
        }
    }
}
