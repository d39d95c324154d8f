using CallDesk.Live;
using CallDesk.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace CallDesk;

internal static class DeskStoreBuilderExtensions
{
    /// <summary>The database, its tables, and one to spare.</summary>
    private const int MaxAttempts = 3;

    /// <summary>Adds the store.</summary>
    public static void AddDeskStore(this WebApplicationBuilder builder, DeskConnection connection)
    {
        builder.Services.AddDbContext<DeskDb>(options =>
        {
            connection.Configure(options);
            options.ConfigureWarnings(log => log.Log((RelationalEventId.CommandExecuted, LogLevel.Debug)));
        });
        builder.Services.AddScoped<DeskStore>();
        builder.Services.AddSingleton(_ => new WriterLimiter(connection.MaxWriters));
        builder.Services.AddSingleton<DeskFeed>();
        builder.Services.AddSingleton<DeskRowPublisher>();
        builder.Services.AddHealthChecks().AddCheck<DeskHealthCheck>("desk", tags: ["ready"]);
    }

    /// <summary>Creates the database if there is none, and what is missing in it otherwise.</summary>
    /// <remarks>
    /// Not by migrations: a later version of the desk only adds tables and indexes, which a database of an earlier one gets here. EF Core
    /// creates SQLite files with a write-ahead log, so pages read while handlers write, and a writer waits for one of another process up to
    /// the command time-out of 30 seconds.
    /// </remarks>
    public static async Task CreateDeskStoreAsync(this IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<DeskDb>().Database;
        if (database.IsSqlite())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(database.GetDbConnection().DataSource)!);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (!await database.EnsureCreatedAsync())
                {
                    await CreateMissingTablesAsync(database);
                }

                return;
            }
            catch (PostgresException e) when (e.IsConcurrentCreation() && attempt < MaxAttempts)
            {
                // Another node that starts now was faster: next time the database is there, or its tables are.
            }
        }
    }

    private static Task<int> CreateMissingTablesAsync(DatabaseFacade database) => database.ExecuteSqlRawAsync(database.GenerateCreateScript()
        .Replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", StringComparison.Ordinal)
        .Replace("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS ", StringComparison.Ordinal));
}
