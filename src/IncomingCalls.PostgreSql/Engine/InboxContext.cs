using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;
using IncomingCalls.PostgreSql.Transactions;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>The dependencies of the parts of the inbox.</summary>
internal sealed class InboxContext
{
    public required InboxDatabase Database { get; init; }

    public required PostgreSqlInboxOptions Options { get; init; }

    public required CallTransitions Transitions { get; init; }

    /// <summary>Gets the number of attempts of one instance and handler that the host allows at once.</summary>
    public required int MaxConcurrentAttemptsPerInstance { get; init; }

    public required AttemptRunner Runner { get; init; }

    /// <summary>Gets the pauses that the last look has found.</summary>
    public PausedLanes Pauses { get; } = new();

    public required InboxCallerNames Names { get; init; }

    /// <summary>Gets the intake, which replays quarantined notifications. Resolved late, because the intake itself depends on the inbox.</summary>
    public required Func<ICallIntake> Intake { get; init; }

    /// <summary>Gets whether another node polls, which then also asks the journals.</summary>
    public required Func<bool> IsPolledElsewhere { get; init; }

    public required CurrentClaim CurrentClaim { get; init; }

    public required DatabaseHealth Health { get; init; }

    public required PostgreSqlInboxMetrics Metrics { get; init; }

    /// <summary>Gets the time of the database, which is that of all nodes.</summary>
    public required DatabaseClock Time { get; init; }

    public required ILogger Logger { get; init; }
}
