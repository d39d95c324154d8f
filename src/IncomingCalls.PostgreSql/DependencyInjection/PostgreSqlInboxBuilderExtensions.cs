using System.Diagnostics.Metrics;
using IncomingCalls;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql;
using IncomingCalls.PostgreSql.Administration;
using IncomingCalls.PostgreSql.Engine;
using IncomingCalls.PostgreSql.Polling;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Transactions;
using IncomingCalls.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that register the PostgreSQL inbox.</summary>
public static class PostgreSqlInboxBuilderExtensions
{
    /// <summary>Uses a PostgreSQL database as the inbox of several nodes: a call is committed before it is acknowledged, and handled afterwards by any node.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The connection string of the database.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder UsePostgreSqlInbox(this IIncomingCallsBuilder builder, string connectionString) =>
        builder.UsePostgreSqlInbox(options => options.ConnectionString = connectionString);

    /// <summary>Uses the database of a data source as the inbox of several nodes: a call is committed before it is acknowledged, and handled afterwards by any node.</summary>
    /// <param name="builder">The builder; the options are bound from the child section <c>PostgreSql</c> of its configuration.</param>
    /// <param name="dataSource">The data source of the host, which the host disposes of.</param>
    /// <param name="configure">Sets options in code, which take precedence over the configuration; null for none.</param>
    /// <returns>The builder.</returns>
    /// <remarks><inheritdoc cref="UsePostgreSqlInbox(IIncomingCallsBuilder, Func{IServiceProvider, NpgsqlDataSource}, Action{PostgreSqlInboxOptions})" path="/remarks"/></remarks>
    public static IIncomingCallsBuilder UsePostgreSqlInbox(this IIncomingCallsBuilder builder, NpgsqlDataSource dataSource, Action<PostgreSqlInboxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return builder.UsePostgreSqlInbox(_ => dataSource, configure);
    }

    /// <summary>Uses the database of a data source as the inbox of several nodes: a call is committed before it is acknowledged, and handled afterwards by any node.</summary>
    /// <param name="builder">The builder; the options are bound from the child section <c>PostgreSql</c> of its configuration.</param>
    /// <param name="dataSource">Gets the data source of the host, which the host disposes of; called once.</param>
    /// <param name="configure">Sets options in code, which take precedence over the configuration; null for none.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// The inbox opens pools of its own with the connection string, the password and the certificates of the data source. If <see cref="PostgreSqlInboxOptions.ConnectionString"/>
    /// is set too, the inbox uses that, and the host starts only if both lead to the same database. Register the same handlers and scenarios on all nodes.
    /// </remarks>
    public static IIncomingCallsBuilder UsePostgreSqlInbox(
        this IIncomingCallsBuilder builder, Func<IServiceProvider, NpgsqlDataSource> dataSource, Action<PostgreSqlInboxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dataSource);
        builder.Services.AddSingleton(provider => new HostDataSource(dataSource(provider)));
        return builder.UsePostgreSqlInbox(configure);
    }

    /// <summary>Uses a PostgreSQL database as the inbox of several nodes: a call is committed before it is acknowledged, and handled afterwards by any node.</summary>
    /// <param name="builder">The builder; the options are bound from the child section <c>PostgreSql</c> of its configuration.</param>
    /// <param name="configure">Sets options in code, which take precedence over the configuration; null for none.</param>
    /// <returns>The builder.</returns>
    /// <remarks>Register the same handlers and scenarios on all nodes.</remarks>
    public static IIncomingCallsBuilder UsePostgreSqlInbox(this IIncomingCallsBuilder builder, Action<PostgreSqlInboxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<PostgreSqlInboxOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgreSqlInboxOptions>, PostgreSqlInboxOptionsValidator>(static provider => new(
            provider.GetServices<BoundSection<PostgreSqlInboxOptions>>(), provider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(HostDataSource)))));
        if (builder.Configuration is { } section)
        {
            BoundSection<PostgreSqlInboxOptions>.Add(services, section.GetSection("PostgreSql"), PostgreSqlInboxOptions.Keys, static (from, options) => from.Bind(options));
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(CreateDatabase);
        services.TryAddSingleton(static provider => new DatabaseClock(provider.GetRequiredService<TimeProvider>(), new NonThrowingLogger(provider.GetRequiredService<ILogger<PostgreSqlInbox>>())));
        services.TryAddSingleton<ICallInboxAdministration, PostgreSqlInboxAdministration>();
        services.TryAddSingleton<CurrentClaim>();
        services.TryAddScoped<ICallEventTransaction, CallEventTransaction>();
        services.TryAddSingleton(CreateInbox);
        services.Replace(ServiceDescriptor.Singleton<IHandlerValueStore, TransactionalHandlerValues>());
        services.Replace(ServiceDescriptor.Singleton<ICallbacks, PostgreSqlCallbacks>());
        services.Replace(ServiceDescriptor.Singleton<ICallInbox>(static provider => provider.GetRequiredService<PostgreSqlInbox>()));
        services.TryAddSingleton(static provider => new LockedInstanceOwnership(
            provider.GetRequiredService<InboxDatabase>(),
            provider.GetRequiredService<IOptions<PostgreSqlInboxOptions>>().Value,
            provider.GetRequiredService<ICallInstances>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PostgreSqlInbox>>()));
        services.Replace(ServiceDescriptor.Singleton<IInstanceOwnership>(static provider => provider.GetRequiredService<LockedInstanceOwnership>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallHealthSource, PostgreSqlInbox>(static provider => provider.GetRequiredService<PostgreSqlInbox>()));
        return builder;
    }

    private static InboxDatabase CreateDatabase(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<PostgreSqlInboxOptions>>().Value;
        return new(new(options.ConnectionString, provider.GetService<HostDataSource>(), options.ConfigureDataSource), new(options.Schema), options.MaxConcurrentAttempts);
    }

    private static PostgreSqlInbox CreateInbox(IServiceProvider provider)
    {
        var time = provider.GetRequiredService<DatabaseClock>();
        var logger = new NonThrowingLogger(provider.GetRequiredService<ILogger<PostgreSqlInbox>>());
        var health = new DatabaseHealth(time, logger);
        var ownership = provider.GetRequiredService<LockedInstanceOwnership>();
        return new(
            new()
            {
                Database = provider.GetRequiredService<InboxDatabase>(),
                Options = provider.GetRequiredService<IOptions<PostgreSqlInboxOptions>>().Value,
                Transitions = provider.GetRequiredService<CallTransitions>().WithClock(time),
                MaxConcurrentAttemptsPerInstance = provider.GetRequiredService<IOptions<IncomingCallsOptions>>().Value.MaxConcurrentAttemptsPerInstance,
                Runner = provider.GetRequiredService<AttemptRunner>().WithClock(time),
                Names = provider.GetRequiredService<InboxCallerNames>(),
                Intake = provider.GetRequiredService<ICallIntake>,
                IsPolledElsewhere = () => ownership.IsElsewhere,
                CurrentClaim = provider.GetRequiredService<CurrentClaim>(),
                Health = health,
                Metrics = new(time, () => provider.GetRequiredService<ICallInboxAdministration>().GetStatisticsAsync().AsTask(), health.ReportFailure, provider.GetService<IMeterFactory>()),
                Time = time,
                Logger = logger,
            },
            provider.GetService<HostDataSource>(),
            provider.GetService<IHostApplicationLifetime>());
    }
}
