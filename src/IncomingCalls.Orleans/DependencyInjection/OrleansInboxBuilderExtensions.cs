using IncomingCalls;
using IncomingCalls.Inboxes;
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

        services.TryAddSingleton<OrleansRole>();
        services.TryAddSingleton<StorageTrouble>();
        services.TryAddSingleton<OrleansInbox>();
        services.TryAddSingleton<ClusterAssignment>();
        services.TryAddSingleton<ICallInboxAdministration, OrleansInboxAdministration>();
        services.Replace(ServiceDescriptor.Singleton<ICallInbox>(static provider => provider.GetRequiredService<OrleansInbox>()));
        services.Replace(ServiceDescriptor.Singleton<IInstanceAssignment>(static provider => provider.GetRequiredService<ClusterAssignment>()));
        services.Replace(ServiceDescriptor.Singleton<ILastResortNames, ClusterNames>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallHealthSource, OrleansInbox>(static provider => provider.GetRequiredService<OrleansInbox>()));
        // What a grain throws says why nothing was kept, and crosses the wire only where its namespace is named.
        services.Configure<ExceptionSerializationOptions>(static exceptions => exceptions.SupportedNamespacePrefixes.Add(nameof(IncomingCalls)));
        services.AddSerializer(static serializer => serializer.AddAssembly(typeof(OrleansInboxOptions).Assembly));
        AddSiloParts(services);
        return builder;
    }

    /// <summary>What a client of the cluster never asks for.</summary>
    private static void AddSiloParts(IServiceCollection services)
    {
        if (services.Any(descriptor => descriptor.ServiceType == typeof(SiloUpkeep)))
        {
            return;
        }

        services.TryAddSingleton<InboxStates>();
        services.TryAddSingleton<SiloShare>();
        services.TryAddSingleton<DueBuckets>();
        services.TryAddSingleton<DueEntries>();
        services.TryAddSingleton<DueReports>();
        services.TryAddSingleton<SiloPulse>();
        services.TryAddSingleton<OrleansInboxMetrics>();
        services.TryAddSingleton<CallGrainContext>();
        services.AddPlacementDirector<SharePlacement, SharePlacementDirector>();
        services.AddSingleton<SiloUpkeep>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloStart>();
        services.AddSingleton<IGrainPropertiesProvider, SiloAbilities>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloDifferences>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<SiloUpkeep>());
    }
}
