using IncomingCalls;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Callers;
using IncomingCalls.Orleans.Calls;
using IncomingCalls.Orleans.Cluster;
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

/// <summary>Keeps calls in the grains of a Microsoft Orleans cluster.</summary>
public static class OrleansInboxBuilderExtensions
{
    /// <summary>
    /// Keeps every call in the storage of the cluster before it is acknowledged, and handles it afterwards on the silo that owns the call.
    /// In a host with <c>UseOrleans</c> or, for one that only receives, <c>UseOrleansClient</c>.
    /// </summary>
    /// <param name="builder">The builder; its section <c>Orleans</c> is read.</param>
    /// <param name="configure">Sets options in code, which beat the configuration.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Every silo registers the same handlers, instances and GREEN-API client, and a grain storage provider named
    /// <see cref="OrleansInboxStorage.Name"/>. Instances are polled by one silo each.
    /// </remarks>
    public static IIncomingCallsBuilder UseOrleansInbox(this IIncomingCallsBuilder builder, Action<OrleansInboxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<OrleansInboxOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OrleansInboxOptions>, OrleansInboxOptionsValidator>());
        if (builder.Configuration is { } section)
        {
            BoundSection<OrleansInboxOptions>.Add(services, section.GetSection("Orleans"), static (from, options) => from.Bind(options));
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<ClusterAccess>();
        services.TryAddSingleton<StoreHealth>();
        services.TryAddSingleton<OrleansInbox>();
        services.TryAddSingleton<ClusterInstanceOwnership>();
        services.TryAddSingleton<ICallInboxAdministration, OrleansInboxAdministration>();
        services.Replace(ServiceDescriptor.Singleton<ICallInbox>(static provider => provider.GetRequiredService<OrleansInbox>()));
        services.Replace(ServiceDescriptor.Singleton<IInstanceOwnership>(static provider => provider.GetRequiredService<ClusterInstanceOwnership>()));
        services.Replace(ServiceDescriptor.Singleton<IFallbackCallerNameResolver, ClusterFallbackCallerNameResolver>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallHealthSource, OrleansInbox>(static provider => provider.GetRequiredService<OrleansInbox>()));
        // What a grain throws says why nothing was kept, and crosses the wire only where its namespace is named.
        services.Configure<ExceptionSerializationOptions>(static exceptions => exceptions.SupportedNamespacePrefixes.Add(nameof(IncomingCalls)));
        services.AddSerializer(static serializer => serializer.AddAssembly(typeof(OrleansInboxOptions).Assembly));
        AddSiloServices(services);
        return builder;
    }

    /// <summary>What a client of the cluster never asks for.</summary>
    private static void AddSiloServices(IServiceCollection services)
    {
        if (services.Any(descriptor => descriptor.ServiceType == typeof(GrainKeepAliveService)))
        {
            return;
        }

        services.TryAddSingleton<GrainStateFactory>();
        services.TryAddSingleton<GrainPartitioner>();
        services.TryAddSingleton<WakeUpBuckets>();
        services.TryAddSingleton<WakeUpEntryWriter>();
        services.TryAddSingleton<WakeUpEntryUpdateBuffer>();
        services.TryAddSingleton<SiloLivenessGuard>();
        services.TryAddSingleton<OrleansInboxMetrics>();
        services.TryAddSingleton<CallGrainContext>();
        services.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>();
        services.AddSingleton<GrainKeepAliveService>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloStartupValidator>();
        services.AddSingleton<IGrainPropertiesProvider, SiloCapabilities>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloCompatibilityCheck>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<GrainKeepAliveService>());
    }
}
