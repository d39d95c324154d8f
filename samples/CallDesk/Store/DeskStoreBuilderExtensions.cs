using CallDesk.Api;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CallDesk.Store;

internal static class DeskStoreBuilderExtensions
{
    /// <summary>Adds the store. A relative path in the connection string is relative to the content root.</summary>
    public static void AddDeskStore(this WebApplicationBuilder builder)
    {
        SqliteConnectionStringBuilder connection = new(builder.Configuration.GetConnectionString("Desk") ?? "Data Source=data/desk.db");
        connection.DataSource = Path.GetFullPath(connection.DataSource, builder.Environment.ContentRootPath);
        builder.Services.AddDbContext<DeskDb>(options => options
            .UseSqlite(connection.ConnectionString)
            .ConfigureWarnings(log => log.Log((RelationalEventId.CommandExecuted, LogLevel.Debug))));
        builder.Services.AddScoped<DeskStore>();
        builder.Services.AddSingleton<DeskGate>();
        builder.Services.AddSingleton<DeskFeed>();
        builder.Services.AddHealthChecks().AddCheck<DeskHealthCheck>("desk", tags: ["ready"]);
    }

    /// <summary>Creates the database if there is none, and what is missing in it otherwise.</summary>
    /// <remarks>
    /// Not by migrations: a later version of the desk only adds tables and indexes, which a database of an earlier one gets here. EF Core creates SQLite files with a write-ahead log,
    /// so pages read while handlers write, and a writer waits for one of another process up to the command time-out of 30 seconds.
    /// </remarks>
    public static async Task CreateDeskStoreAsync(this IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<DeskDb>().Database;
        Directory.CreateDirectory(Path.GetDirectoryName(database.GetDbConnection().DataSource)!);
        if (!await database.EnsureCreatedAsync())
        {
            await database.ExecuteSqlRawAsync(database.GenerateCreateScript()
                .Replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", StringComparison.Ordinal)
                .Replace("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS ", StringComparison.Ordinal));
        }
    }
}
