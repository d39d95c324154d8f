using IncomingCalls;
using IncomingCalls.Inboxes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The way in.</summary>
public static class IncomingCallsServiceCollectionExtensions
{
    /// <summary>Adds IncomingCalls to a host. It may be called more than once; each <paramref name="configure"/> counts.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Sets options in code.</param>
    /// <returns>The builder from which handlers, transports and an inbox hang.</returns>
    public static IIncomingCallsBuilder AddIncomingCalls(this IServiceCollection services, Action<IncomingCallsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        AddCore(services);
        if (configure is not null)
        {
            services.Configure(configure);
        }

        return new IncomingCallsBuilder(services, configuration: null);
    }

    /// <summary>Adds IncomingCalls to a host, with options from configuration. Code beats configuration.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="section">The section, usually <c>IncomingCalls</c>; packages read their child sections from it.</param>
    /// <param name="configure">Sets options in code.</param>
    /// <returns>The builder from which handlers, transports and an inbox hang.</returns>
    public static IIncomingCallsBuilder AddIncomingCalls(
        this IServiceCollection services, IConfigurationSection section, Action<IncomingCallsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.AddIncomingCalls(configure);
        BoundSection<IncomingCallsOptions>.Add(services, section, static (from, options) => from.Bind(options));
        return new IncomingCallsBuilder(services, section);
    }

    private static void AddCore(IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<IncomingCallsOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IncomingCallsOptions>, IncomingCallsOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IncomingCallsOptions>, RegistrationsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LastValid<IncomingCallsOptions>>();
        services.TryAddSingleton<CallMetrics>();

        services.TryAddSingleton<CallInstances>();
        services.TryAddSingleton<ICallInstances>(provider => provider.GetRequiredService<CallInstances>());
        services.TryAddSingleton<IInstanceAssignment, AllInstancesHere>();
        services.TryAddSingleton<ICallPolicy, ScenarioPolicy>();
        services.TryAddSingleton<CallPolicyRunner>();

        services.TryAddSingleton<ICallIntake, CallIntake>();
        services.TryAddSingleton<ForeignDispatcher>();
        services.TryAddSingleton<BacklogGauge>();
        services.TryAddSingleton<LastReceipts>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallHealthSource, ReceiptsHealth>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallHealthSource, WaitingHealth>());

        services.TryAddSingleton<CallHandlerCatalog>();
        services.TryAddSingleton<HandlerInvoker>();
        services.TryAddSingleton<InstanceGates>();
        services.TryAddSingleton<LastResortNamesHere>();
        services.TryAddSingleton<ILastResortNames>(static provider => provider.GetRequiredService<LastResortNamesHere>());
        services.TryAddSingleton<CallerNames>();
        services.TryAddSingleton<CallLabelTexts>();
        services.TryAddSingleton<ChatRecords>();
        services.TryAddSingleton<OperatorAlerts>();

        services.TryAddSingleton(static provider => new InboxServices(
            provider.GetRequiredService<CallHandlerCatalog>(),
            provider.GetRequiredService<HandlerInvoker>(),
            provider.GetRequiredService<InstanceGates>(),
            provider.GetRequiredService<CallPolicyRunner>(),
            provider.GetRequiredService<BacklogGauge>(),
            provider.GetRequiredService<CallerNames>(),
            provider.GetRequiredService<LastResortNamesHere>(),
            provider.GetRequiredService<LastValid<IncomingCallsOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<CallMetrics>(),
            provider.GetRequiredService<ILogger<InboxServices>>()));
        services.TryAddSingleton<ICallInbox, InlineInbox>();
        services.TryAddSingleton<InlineRunner>();
        services.TryAddSingleton<InlineNotifiers>();
        services.TryAddSingleton<OutcomeTimers>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, IncomingCallsService>());
    }
}
