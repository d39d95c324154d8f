using IncomingCalls;
using IncomingCalls.GreenApi.Callers;
using IncomingCalls.GreenApi.Client;
using IncomingCalls.GreenApi.Instances;
using IncomingCalls.GreenApi.Journal;
using IncomingCalls.GreenApi.Options;
using IncomingCalls.GreenApi.Polling;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that add the HTTP API of GREEN-API to IncomingCalls. They can be called more than once.</summary>
public static class GreenApiIncomingCallsBuilderExtensions
{
    /// <summary>
    /// Adds the instances of a configuration section, a poller for each instance that receives by polling (including instances of other
    /// instance sources), caller names, and <see cref="GreenApiClient"/>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section, usually <c>GreenApi</c>. Its changes take effect while the host runs.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Notifications of a polled instance are received with
    /// <see href="https://green-api.com/en/docs/api/receiving/technology-http-api/ReceiveNotification/">ReceiveNotification</see>
    /// and acknowledged with
    /// <see href="https://green-api.com/en/docs/api/receiving/technology-http-api/DeleteNotification/">DeleteNotification</see>.
    /// A poller that receives 401, 403 or 404 retries within seconds; after 5 minutes it logs an Error and retries every 10 minutes, or when the entry
    /// of its instance changes. An expired instance is retried every minute for 2 hours, and then every 15 minutes.
    /// </remarks>
    public static IIncomingCallsBuilder AddGreenApi(this IIncomingCallsBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        BoundSection<GreenApiOptions>.Add(builder.Services, section, GreenApiOptions.Keys, GreenApiOptionsBinder.Bind);
        return AddServices(builder);
    }

    /// <summary>
    /// Adds the same services with options set in code. They take precedence over a configuration section, regardless of the order of the
    /// calls.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">The action that sets the options.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder AddGreenApi(this IIncomingCallsBuilder builder, Action<GreenApiOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return AddServices(builder);
    }

    private static IIncomingCallsBuilder AddServices(IIncomingCallsBuilder builder)
    {
        var services = builder.Services;
        if (services.Any(descriptor => descriptor.ServiceType == typeof(PollerSet)))
        {
            return builder;
        }

        services.AddOptionsWithValidateOnStart<GreenApiOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GreenApiOptions>, GreenApiOptionsValidator>());
        services.AddGreenApiClient();

        services.TryAddSingleton<ConfiguredInstanceSource>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IInstanceSource, ConfiguredInstanceSource>(provider => provider.GetRequiredService<ConfiguredInstanceSource>()));

        services.TryAddSingleton(static provider => CallerRequestQueues.CreateForNames(
            provider.GetRequiredService<LastKnownGoodOptions<GreenApiOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CallerRequestQueue<CallerName>>>()));
        services.TryAddKeyedSingleton<ICallerNameResolver, ContactInfoCallerNameResolver>(ICallerNameResolver.FallbackKey);
        services.TryAddSingleton(static provider => CallerRequestQueues.CreateForLinkedIds(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<CallerRequestQueue<CallerNumber>>>()));
        services.TryAddSingleton<LinkedIdBudget>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallerNumberResolver, LinkedIdNumberResolver>());

        services.TryAddSingleton<OwnAccounts>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IOwnIdentities, OwnAccounts>(static provider => provider.GetRequiredService<OwnAccounts>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OwnAccountService>());

        services.TryAddSingleton(static provider => new Lazy<IHandlerValueStore>(provider.GetRequiredService<IHandlerValueStore>));
        services.TryAddSingleton<CallJournals>();
        services.TryAddSingleton<JournalProgressStore>();
        services.TryAddSingleton<JournalScannerSet>();
        services.TryAddSingleton<IMissingOutcomeResolver, JournalOutcomeResolver>();

        services.TryAddSingleton<PollerContext>();
        services.TryAddSingleton<PollerSet>();
        services.TryAddSingleton<IInstanceWorker, InstanceWorkers>();
        services.TryAddSingleton<PollerMetrics>();
        services.TryAddSingleton(CreateDoctor);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallHealthSource, PollerHealth>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PollingService>());
        return builder;
    }

    private static CallDoctor CreateDoctor(IServiceProvider provider)
    {
        var pollers = provider.GetRequiredService<PollerSet>();
        return new(
            provider.GetRequiredService<GreenApiClient>(),
            provider.GetRequiredService<TimeProvider>(),
            idInstance => pollers.Running.Any(poller => poller.Instance.IdInstance == idInstance));
    }
}
