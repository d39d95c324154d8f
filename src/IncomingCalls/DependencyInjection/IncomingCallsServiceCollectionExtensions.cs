using IncomingCalls;
using IncomingCalls.Callers;
using IncomingCalls.DependencyInjection;
using IncomingCalls.Handling;
using IncomingCalls.Handling.Values;
using IncomingCalls.Health;
using IncomingCalls.Hosting;
using IncomingCalls.Inbox;
using IncomingCalls.Inbox.Dispatch;
using IncomingCalls.Inbox.InMemory;
using IncomingCalls.Inbox.State;
using IncomingCalls.Instances;
using IncomingCalls.Intake;
using IncomingCalls.Policies;
using IncomingCalls.Records;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that register IncomingCalls.</summary>
public static class IncomingCallsServiceCollectionExtensions
{
    /// <summary>Adds IncomingCalls to a host. It may be called more than once; every <paramref name="configure"/> is applied.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Sets options in code; null for none.</param>
    /// <returns>The builder to register handlers, transports and an inbox with.</returns>
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

    /// <summary>Adds IncomingCalls to a host, with options from configuration. Options set in code take precedence.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="section">The configuration section, usually <c>IncomingCalls</c>. Packages bind their options from its child sections.</param>
    /// <param name="configure">Sets options in code; null for none.</param>
    /// <returns>The builder to register handlers, transports and an inbox with.</returns>
    public static IIncomingCallsBuilder AddIncomingCalls(
        this IServiceCollection services, IConfigurationSection section, Action<IncomingCallsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.AddIncomingCalls(configure);
        BoundSection<IncomingCallsOptions>.Add(services, section, IncomingCallsOptions.Keys, static (from, options) => from.Bind(options));
        return new IncomingCallsBuilder(services, section);
    }

    private static void AddCore(IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<IncomingCallsOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IncomingCallsOptions>, IncomingCallsOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IncomingCallsOptions>, RegistrationValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LastKnownGoodOptions<IncomingCallsOptions>>();
        services.TryAddSingleton<CallMetrics>();

        services.TryAddSingleton<CallInstances>();
        services.TryAddSingleton<ICallInstances>(provider => provider.GetRequiredService<CallInstances>());
        services.TryAddSingleton<IInstanceOwnership, LocalInstanceOwnership>();
        services.TryAddSingleton<ICallPolicy, ScenarioPolicy>();
        services.TryAddSingleton<CallPolicyEvaluator>();

        services.TryAddSingleton<ICallIntake, CallIntake>();
        services.TryAddSingleton(static provider => new CallJournalIntake(
            provider.GetRequiredService<ICallInbox>(),
            provider.GetRequiredService<CallPolicyEvaluator>(),
            provider.GetRequiredService<CatchUpTracker>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<OtherNotificationDispatcher>();
        services.TryAddSingleton<PolicyFailures>();
        services.TryAddSingleton<SharedAccounts>();
        services.TryAddSingleton<CatchUpTracker>();
        services.TryAddSingleton<InstanceActivityTracker>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallHealthSource, InstanceActivityHealth>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallHealthSource, BacklogHealth>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallHealthSource, DestinationHealth>());

        services.TryAddSingleton<CallHandlerCatalog>();
        services.TryAddSingleton<CallEventFactory>();
        services.TryAddSingleton<HandlerInvoker>();
        services.TryAddSingleton<HandlerSlots>();
        services.TryAddSingleton<IHandlerValueStore, InMemoryHandlerValues>();
        services.TryAddScoped<CurrentAttempt>();
        services.TryAddScoped<ICallHandlerStore, CallHandlerStore>();
        services.TryAddSingleton<LocalFallbackCallerNameResolver>();
        services.TryAddSingleton<IFallbackCallerNameResolver>(static provider => provider.GetRequiredService<LocalFallbackCallerNameResolver>());
        services.TryAddSingleton<CallerNameService>();
        services.TryAddSingleton<CallLabelTexts>();
        services.TryAddSingleton<ChatRecords>();
        services.TryAddSingleton<OperatorAlerts>();

        services.TryAddSingleton(static provider => new AttemptRunner(
            provider.GetRequiredService<CallHandlerCatalog>(),
            provider.GetRequiredService<HandlerInvoker>(),
            provider.GetRequiredService<HandlerSlots>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AttemptRunner>>()));
        services.TryAddSingleton(static provider => CreateTransitions(provider, new DurableDeliveryRules()));
        services.TryAddSingleton(static provider => new InboxCallerNames(provider.GetRequiredService<CallerNameService>(), provider.GetRequiredService<LocalFallbackCallerNameResolver>()));
        services.TryAddSingleton<ICallInbox>(static provider =>
            ActivatorUtilities.CreateInstance<InMemoryInbox>(provider, CreateTransitions(provider, new InMemoryDeliveryRules())));
        services.TryAddSingleton<ICallbacks>(static provider => provider.GetRequiredService<ICallInbox>() is var inbox && inbox is InMemoryInbox inMemory
            ? new InMemoryCallbacks(inMemory)
            : new UnsupportedCallbacks(inbox.GetType()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, IncomingCallsService>());
    }

    private static CallTransitions CreateTransitions(IServiceProvider provider, DeliveryRules rules) => new(
        provider.GetRequiredService<CallHandlerCatalog>(),
        provider.GetRequiredService<CallPolicyEvaluator>(),
        provider.GetRequiredService<CatchUpTracker>(),
        provider.GetRequiredService<InstanceActivityTracker>(),
        provider.GetRequiredService<CallerNameService>(),
        provider.GetRequiredService<CallEventFactory>(),
        provider.GetRequiredService<ICallInstances>(),
        provider.GetService<IMissingOutcomeResolver>(),
        provider.GetRequiredService<LastKnownGoodOptions<IncomingCallsOptions>>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<CallMetrics>(),
        provider.GetRequiredService<ILogger<CallTransitions>>(),
        rules);
}
