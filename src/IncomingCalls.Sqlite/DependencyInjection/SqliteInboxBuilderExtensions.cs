using IncomingCalls;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;
using IncomingCalls.Sqlite;
using IncomingCalls.Sqlite.Options;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that register the SQLite inbox.</summary>
public static class SqliteInboxBuilderExtensions
{
    /// <summary>
    /// Uses a SQLite file as the inbox: a call is stored before it is acknowledged, and handled afterwards. A path in code cannot be changed by the
    /// configuration: prefer <see cref="UseSqliteInbox(IIncomingCallsBuilder, Action{SqliteInboxOptions}?)"/> and <c>IncomingCalls:Sqlite:Path</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">
    /// The path of the file. A relative path is resolved against the host's content root. It takes precedence over <c>IncomingCalls:Sqlite:Path</c>;
    /// another path there is logged as a Warning when the host starts.
    /// </param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder UseSqliteInbox(this IIncomingCallsBuilder builder, string path) =>
        builder.UseSqliteInbox(options => options.Path = path);

    /// <summary>Uses a SQLite file as the inbox: a call is stored before it is acknowledged, and handled afterwards.</summary>
    /// <param name="builder">The builder; the options are bound from the child section <c>Sqlite</c> of its configuration.</param>
    /// <param name="configure">Sets options in code, which take precedence over the configuration; null for none.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder UseSqliteInbox(this IIncomingCallsBuilder builder, Action<SqliteInboxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<SqliteInboxOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqliteInboxOptions>, SqliteInboxOptionsValidator>());
        if (builder.Configuration is { } section)
        {
            BoundSection<SqliteInboxOptions>.Add(services, section.GetSection("Sqlite"), SqliteInboxOptions.Keys, static (from, options) => from.Bind(options));
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<InboxPath>();
        services.TryAddSingleton(static provider => new SqliteInboxFile(provider.GetRequiredService<InboxPath>().Value, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ICallInboxAdministration>(static provider => provider.GetRequiredService<SqliteInboxFile>());
        services.TryAddSingleton<SqliteInboxMetrics>();
        services.TryAddSingleton(CreateInbox);
        services.Replace(ServiceDescriptor.Singleton<ICallInbox>(static provider => provider.GetRequiredService<SqliteInbox>()));
        services.Replace(ServiceDescriptor.Singleton<IHandlerValueStore, SqliteHandlerValues>());
        services.Replace(ServiceDescriptor.Singleton<ICallbacks, SqliteCallbacks>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallHealthSource, SqliteInbox>(static provider => provider.GetRequiredService<SqliteInbox>()));
        return builder;
    }

    private static SqliteInbox CreateInbox(IServiceProvider provider)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        var logger = new NonThrowingLogger(provider.GetRequiredService<ILogger<SqliteInbox>>());
        var path = provider.GetRequiredService<InboxPath>();
        return new(
            new()
            {
                Path = path.Value,
                IgnoredPath = path.Ignored,
                Options = provider.GetRequiredService<IOptions<SqliteInboxOptions>>().Value,
                Transitions = provider.GetRequiredService<CallTransitions>(),
                Runner = provider.GetRequiredService<AttemptRunner>(),
                Names = provider.GetRequiredService<InboxCallerNames>(),
                Intake = provider.GetRequiredService<ICallIntake>,
                Owner = new(Environment.MachineName, time),
                Health = new(path.Value, time, logger),
                Metrics = provider.GetRequiredService<SqliteInboxMetrics>(),
                Time = time,
                Logger = logger,
            },
            provider.GetService<IHostApplicationLifetime>());
    }
}
