using IncomingCalls;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CallDesk.Store;

/// <summary>The desk's own database: what it shows, and nothing of how calls are received.</summary>
internal sealed class DeskDb(DbContextOptions<DeskDb> options) : DbContext(options)
{
    public DbSet<DeskCall> Calls => Set<DeskCall>();

    public DbSet<DeskEvent> Events => Set<DeskEvent>();

    public DbSet<DeskRecord> Records => Set<DeskRecord>();

    public DbSet<DeskAlert> Alerts => Set<DeskAlert>();

    public DbSet<DeskCallback> Callbacks => Set<DeskCallback>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        // The page asks for one day, and everything is listed by time.
        modelBuilder.Entity<DeskCall>().HasIndex(call => call.At);
        modelBuilder.Entity<DeskCallback>().HasIndex(callback => callback.At);
        modelBuilder.Entity<DeskEvent>().HasIndex(callEvent => callEvent.At);
        modelBuilder.Entity<DeskRecord>().HasIndex(record => record.At);
        modelBuilder.Entity<DeskAlert>().HasIndex(alert => alert.At);
        // A caller's timeline.
        modelBuilder.Entity<DeskCall>().HasIndex(call => call.ChatId);
        modelBuilder.Entity<DeskRecord>().HasIndex(record => record.ChatId);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
        // Names, for whoever opens the file. CallOutcome stays a number: its order decides which outcome stands.
        configurationBuilder.Properties<CallEventKind>().HaveConversion<string>();
        configurationBuilder.Properties<CallStatus>().HaveConversion<string>();
        configurationBuilder.Properties<CallLabel>().HaveConversion<string>();
    }
}

/// <summary>A column does not remember the kind of a time; ours are all UTC.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
    time => time.ToUniversalTime(),
    time => DateTime.SpecifyKind(time, DateTimeKind.Utc));

/// <summary>Whether the desk's database can be opened.</summary>
internal sealed class DeskHealthCheck(DeskDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await db.Database.CanConnectAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The desk's database cannot be opened.");
}
