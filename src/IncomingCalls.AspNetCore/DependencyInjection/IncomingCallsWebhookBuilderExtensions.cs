using IncomingCalls;
using IncomingCalls.AspNetCore.Admission;
using IncomingCalls.AspNetCore.DependencyInjection;
using IncomingCalls.AspNetCore.Requests;
using IncomingCalls.AspNetCore.Telemetry;
using IncomingCalls.AspNetCore.Tokens;
using IncomingCalls.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that add the webhook endpoint as a transport of IncomingCalls.</summary>
public static class IncomingCallsWebhookBuilderExtensions
{
    /// <summary>
    /// Adds the services for <c>app.MapIncomingCalls()</c>, and <see cref="IWebhookTokenValidator"/> for hosts with an endpoint of their own. The options
    /// are bound to the child section <c>Webhook</c> of <see cref="IIncomingCallsBuilder.Configuration"/>; code takes precedence over configuration. The
    /// method can be called more than once.
    /// </summary>
    /// <remarks>
    /// The host does not start without a token, unless <see cref="IncomingCallsWebhookOptions.AllowAnonymous"/> is set or
    /// <see cref="IInstanceSource.IsWebhookTokenOptional"/> of an instance source is true, because its instances have tokens of their
    /// own or are all polled.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Configures the options in code; null for configuration only.</param>
    /// <returns>The same builder.</returns>
    public static IIncomingCallsBuilder AddWebhook(this IIncomingCallsBuilder builder, Action<IncomingCallsWebhookOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<IncomingCallsWebhookOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IncomingCallsWebhookOptions>, IncomingCallsWebhookOptionsValidator>());
        if (builder.Configuration is { } configuration)
        {
            BoundSection<IncomingCallsWebhookOptions>.Add(services, configuration.GetSection("Webhook"), IncomingCallsWebhookOptions.Keys, static (from, options) => from.Bind(options));
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<LastKnownGoodOptions<IncomingCallsWebhookOptions>>();
        services.TryAddSingleton<WebhookMetrics>();
        services.TryAddSingleton<WebhookLog>();
        services.TryAddSingleton<IWebhookTokenValidator, WebhookTokenValidator>();
        services.TryAddSingleton<SenderCheck>();
        services.TryAddSingleton<AdmissionCheck>();
        services.TryAddSingleton<WebhookEndpoint>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AnonymousWebhookWarning>());
        return builder;
    }
}
