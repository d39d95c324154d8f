using IncomingCalls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The webhook endpoint as a transport of IncomingCalls.</summary>
public static class IncomingCallsWebhookBuilderExtensions
{
    /// <summary>
    /// Adds what <c>app.MapIncomingCalls()</c> needs. Options come from the child section <c>Webhook</c> of
    /// <see cref="IIncomingCallsBuilder.Configuration"/>; code beats configuration. It may be called more than once.
    /// </summary>
    /// <remarks>
    /// The host does not start without a token, unless <see cref="IncomingCallsWebhookOptions.AllowAnonymous"/> is set or an
    /// <see cref="IInstanceSource"/> says that none is needed (<see cref="IInstanceSource.IsWebhookTokenOptional"/>): its
    /// instances bring tokens, or all of them are polled.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options in code.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder AddWebhook(this IIncomingCallsBuilder builder, Action<IncomingCallsWebhookOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<IncomingCallsWebhookOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IncomingCallsWebhookOptions>, IncomingCallsWebhookOptionsValidator>());
        if (builder.Configuration is { } configuration)
        {
            Bind(services, configuration.GetSection("Webhook"));
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<WebhookMetrics>();
        services.TryAddSingleton<WebhookJournal>();
        services.TryAddSingleton<WebhookTokens>();
        services.TryAddSingleton<SenderCheck>();
        services.TryAddSingleton<AdmissionCheck>();
        services.TryAddSingleton<WebhookEndpoint>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AnonymousNotice>());
        return builder;
    }

    private static void Bind(IServiceCollection services, IConfigurationSection section)
    {
        if (services.Any(descriptor => descriptor.ImplementationInstance is WebhookConfiguration bound && bound.Path == section.Path))
        {
            return;
        }

        services.AddSingleton<IOptionsChangeTokenSource<IncomingCallsWebhookOptions>>(
            new ConfigurationChangeTokenSource<IncomingCallsWebhookOptions>(section));
        // Options are configured in the order of registration: first place, so that code wins also when an earlier call brought it.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<IncomingCallsWebhookOptions>>(new WebhookConfiguration(section)));
    }
}
