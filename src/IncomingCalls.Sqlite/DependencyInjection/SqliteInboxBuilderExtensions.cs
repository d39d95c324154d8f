using IncomingCalls;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;
using IncomingCalls.Sqlite;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps calls in a SQLite file.</summary>
public static class SqliteInboxBuilderExtensions
{
    /// <summary>Keeps every call in a file before it is acknowledged, and handles it afterwards.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The file; a relative path starts at the host's content root.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder UseSqliteInbox(this IIncomingCallsBuilder builder, string path) =>
        builder.UseSqliteInbox(options => options.Path = path);

    /// <summary>Keeps every call in a file before it is acknowledged, and handles it afterwards.</summary>
    /// <param name="builder">The builder; its section <c>Sqlite</c> is read.</param>
    /// <param name="configure">Sets options in code, which beat the configuration.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder UseSqliteInbox(this IIncomingCallsBuilder builder, Action<SqliteInboxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<SqliteInboxOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqliteInboxOptions>, SqliteInboxOptionsValidator>());
        if (builder.Configuration is { } section)
        {
            BoundSection<SqliteInboxOptions>.Add(services, section.GetSection("Sqlite"), static (from, options) => from.Bind(options));
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(static provider => new SqliteInboxFile(PathOf(provider), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ICallInboxAdministration>(static provider => provider.GetRequiredService<SqliteInboxFile>());
        services.TryAddSingleton<SqliteInboxMetrics>();
        services.TryAddSingleton(CreateInbox);
        services.Replace(ServiceDescriptor.Singleton<ICallInbox>(static provider => provider.GetRequiredService<SqliteInbox>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallHealthSource, SqliteInbox>(static provider => provider.GetRequiredService<SqliteInbox>()));
        return builder;
    }

    private static SqliteInbox CreateInbox(IServiceProvider provider)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        var logger = new NonThrowingLogger(provider.GetRequiredService<ILogger<SqliteInbox>>());
        var path = PathOf(provider);
        return new(
            new()
            {
                Path = path,
                Options = provider.GetRequiredService<IOptions<SqliteInboxOptions>>().Value,
                Services = provider.GetRequiredService<InboxServices>(),
                Intake = provider.GetRequiredService<ICallIntake>,
                Health = new(path, time, logger),
                Metrics = provider.GetRequiredService<SqliteInboxMetrics>(),
                Time = time,
                Logger = logger,
            },
            provider.GetService<IHostApplicationLifetime>());
    }

    private static string PathOf(IServiceProvider provider)
    {
        var path = provider.GetRequiredService<IOptions<SqliteInboxOptions>>().Value.Path!;
        var root = provider.GetService<IHostEnvironment>()?.ContentRootPath;
        return Path.GetFullPath(path, string.IsNullOrEmpty(root) ? Environment.CurrentDirectory : root);
    }
}
