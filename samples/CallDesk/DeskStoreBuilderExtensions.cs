using CallDesk.Live;
using CallDesk.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace CallDesk;

internal static class DeskStoreBuilderExtensions
{
    /// <summary>One attempt each may fail because of the database and because of its tables; one is in reserve.</summary>
    private const int MaxAttempts = 3;

    /// <summary>Adds the database of the desk and the services that write to it.</summary>
    public static void AddDeskStore(this WebApplicationBuilder builder, DeskConnection connection)
    {
        builder.Services.AddDbContext<DeskDb>(options =>
        {
            connection.Configure(options);
            options.ConfigureWarnings(log => log.Log((RelationalEventId.CommandExecuted, LogLevel.Debug)));
        });
        builder.Services.AddScoped<DeskStore>();
        builder.Services.AddSingleton(connection);
        builder.Services.AddSingleton<DeskFeed>();
        builder.Services.AddSingleton<DeskRowPublisher>();
        builder.Services.AddHealthChecks().AddCheck<DeskHealthCheck>("desk", tags: ["ready"]);
    }

    /// <summary>Creates the database if it does not exist; otherwise creates missing tables and indexes.</summary>
    /// <remarks>
    /// Migrations are not needed: a later version of the desk only adds tables and indexes, which are added here to the database of an earlier
    /// version. A table that it no longer has remains. EF Core creates SQLite files with a write-ahead log, so pages can read while handlers write, and a writer waits for a writer of
    /// another process up to the command timeout of 30 seconds.
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
                // Another node created the database or its tables at the same time; the next attempt finds them.
            }
        }
    }

    private static Task<int> CreateMissingTablesAsync(DatabaseFacade database) => database.ExecuteSqlRawAsync(database.GenerateCreateScript()
        .Replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", StringComparison.Ordinal)
        .Replace("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS ", StringComparison.Ordinal));
}
