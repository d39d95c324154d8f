using IncomingCalls;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Callers;
using IncomingCalls.Orleans.Calls;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.Destinations;
using IncomingCalls.Orleans.Erasure;
using IncomingCalls.Orleans.Hosting;
using IncomingCalls.Orleans.Inbox;
using IncomingCalls.Orleans.Polling;
using IncomingCalls.Orleans.Storage;
using IncomingCalls.Orleans.Telemetry;
using IncomingCalls.Orleans.WakeUps;
using IncomingCalls.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Metadata;
using Orleans.Serialization;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that register the Orleans inbox.</summary>
public static class OrleansInboxBuilderExtensions
{
    /// <summary>
    /// Uses the durable inbox on a Microsoft Orleans cluster: every notification is stored by the grain of its call before it is acknowledged,
    /// and handled afterwards on the silo that owns the call. The host must call <c>UseOrleans</c>, or <c>UseOrleansClient</c> if it only
    /// receives notifications.
    /// </summary>
    /// <param name="builder">The builder. The section <c>Orleans</c> of its configuration is bound to <see cref="OrleansInboxOptions"/>.</param>
    /// <param name="configure">Configures the options in code, after the configuration was bound.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Register on every silo the same handlers, instances and GREEN-API client, and a grain storage provider named
    /// <see cref="OrleansInboxStorage.Name"/>. Each instance is polled by one silo at a time.
    /// </remarks>
    public static IIncomingCallsBuilder UseOrleansInbox(this IIncomingCallsBuilder builder, Action<OrleansInboxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<OrleansInboxOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OrleansInboxOptions>, OrleansInboxOptionsValidator>());
        if (builder.Configuration is { } section)
        {
            BoundSection<OrleansInboxOptions>.Add(services, section.GetSection("Orleans"), OrleansInboxOptions.Keys, static (from, options) => from.Bind(options));
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<ClusterRole>();
        services.TryAddSingleton<StoreHealth>();
        services.TryAddSingleton<OrleansInbox>();
        services.TryAddSingleton<ClusterInstanceOwnership>();
        services.TryAddSingleton<ClusterErasures>();
        services.TryAddSingleton<ICallInboxAdministration, OrleansInboxAdministration>();
        services.Replace(ServiceDescriptor.Singleton<ICallInbox>(static provider => provider.GetRequiredService<OrleansInbox>()));
        services.Replace(ServiceDescriptor.Singleton<IHandlerValueStore, ClusterHandlerValues>());
        services.Replace(ServiceDescriptor.Singleton<ICallbacks, ClusterCallbacks>());
        services.Replace(ServiceDescriptor.Singleton<IInstanceOwnership>(static provider => provider.GetRequiredService<ClusterInstanceOwnership>()));
        services.Replace(ServiceDescriptor.Singleton<IFallbackCallerNameResolver, ClusterFallbackCallerNameResolver>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallHealthSource, OrleansInbox>(static provider => provider.GetRequiredService<OrleansInbox>()));
        // Exceptions of grains explain why a notification was not stored; Orleans serializes them only for listed namespaces.
        services.Configure<ExceptionSerializationOptions>(static exceptions => exceptions.SupportedNamespacePrefixes.Add(nameof(IncomingCalls)));
        services.AddSerializer(static serializer => serializer.AddAssembly(typeof(OrleansInboxOptions).Assembly));
        AddSiloServices(services);
        return builder;
    }

    /// <summary>Registers the services that only silos resolve.</summary>
    private static void AddSiloServices(IServiceCollection services)
    {
        if (services.Any(descriptor => descriptor.ServiceType == typeof(GrainKeepAliveService)))
        {
            return;
        }

        services.TryAddSingleton<GrainStateFactory>();
        services.TryAddSingleton<GrainPartitioner>();
        services.TryAddSingleton<WakeUpBuckets>();
        services.TryAddSingleton<WakeUpEntryAppender>();
        services.TryAddSingleton<WakeUpEntryUpdateBuffer>();
        services.TryAddSingleton<SiloLivenessGuard>();
        services.TryAddSingleton<DestinationGate>();
        services.TryAddSingleton<OrleansInboxMetrics>();
        services.TryAddSingleton<CallGrainServices>();
        services.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>();
        services.AddSingleton<GrainKeepAliveService>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloStartupValidator>();
        services.AddSingleton<IGrainPropertiesProvider, SiloCapabilities>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloCompatibilityCheck>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<GrainKeepAliveService>());
    }
}
