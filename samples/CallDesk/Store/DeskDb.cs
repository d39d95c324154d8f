using IncomingCalls;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CallDesk.Store;

/// <summary>The database of the desk: the rows that it shows. It is separate from the inbox.</summary>
internal sealed class DeskDb(DbContextOptions<DeskDb> options) : DbContext(options)
{
    public DbSet<DeskCall> Calls => Set<DeskCall>();

    public DbSet<DeskEvent> Events => Set<DeskEvent>();

    public DbSet<DeskRecord> Records => Set<DeskRecord>();

    public DbSet<DeskAlert> Alerts => Set<DeskAlert>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        // The page requests one day, and all lists are ordered by time.
        modelBuilder.Entity<DeskCall>().HasIndex(call => call.At);
        modelBuilder.Entity<DeskEvent>().HasIndex(callEvent => callEvent.At);
        modelBuilder.Entity<DeskRecord>().HasIndex(record => record.At);
        modelBuilder.Entity<DeskAlert>().HasIndex(alert => alert.At);
        // For the timeline of a caller.
        modelBuilder.Entity<DeskCall>().HasIndex(call => call.ChatId);
        modelBuilder.Entity<DeskRecord>().HasIndex(record => record.ChatId);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
        // Stored as names, for readability. CallOutcome is stored as a number: its order decides which outcome has precedence.
        configurationBuilder.Properties<CallEventKind>().HaveConversion<string>();
        configurationBuilder.Properties<CallStatus>().HaveConversion<string>();
        configurationBuilder.Properties<CallLabel>().HaveConversion<string>();
    }
}

/// <summary>Restores the kind of a <see cref="DateTime"/>, which a column does not store; all times of the desk are UTC.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
    time => time.ToUniversalTime(),
    time => DateTime.SpecifyKind(time, DateTimeKind.Utc));

/// <summary>Checks whether the database of the desk can be opened.</summary>
internal sealed class DeskHealthCheck(DeskDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await db.Database.CanConnectAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The database of the desk cannot be opened. Check ConnectionStrings:Desk.");
}
