using System.ComponentModel.DataAnnotations;
using IncomingCalls;
using Microsoft.EntityFrameworkCore;

namespace Guides.Recorders;

#region entities
[PrimaryKey(nameof(IdInstance), nameof(IdMessage))]
internal sealed class CallRow
{
    public required long IdInstance { get; init; }
    public required string IdMessage { get; init; }
    [ConcurrencyCheck]
    public int Version { get; set; }
    public string? ChatId { get; set; }
    public string? CallerName { get; set; }
    public CallOutcome Outcome { get; set; }
    public DateTime? OfferedAt { get; set; }
    public DateTime? OutcomeAt { get; set; }
}

internal sealed class CallLogEntry
{
    [Key]
    public required string EventId { get; init; }
    public required string? ChatId { get; init; }
    public required string? CallerName { get; init; }
    public required string Text { get; init; }
    public required DateTime OccurredAt { get; init; }
}
#endregion

internal sealed class CallsDb(DbContextOptions<CallsDb> options) : DbContext(options)
{
    public DbSet<CallRow> Calls => Set<CallRow>();

    public DbSet<CallLogEntry> Log => Set<CallLogEntry>();
}
