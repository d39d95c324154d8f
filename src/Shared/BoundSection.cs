using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Shared;

/// <summary>Fills options from a section, once however often it is added: lists bound twice would double.</summary>
/// <param name="section">The section.</param>
/// <param name="bind">The generated binder, which has to be named where the type of the options is.</param>
internal sealed class BoundSection<TOptions>(IConfigurationSection section, Action<IConfigurationSection, TOptions> bind) : IConfigureOptions<TOptions>
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

    /// <exception cref="OptionsValidationException">A value cannot be read; the message names the key and says what to write.</exception>
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

    private string Path => section.Path;
}
