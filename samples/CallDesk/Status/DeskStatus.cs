using IncomingCalls;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CallDesk.Status;

/// <summary>The state of the desk, for its administrator.</summary>
internal sealed record DeskStatus
{
    /// <summary>The current time of the server, in UTC.</summary>
    public required DateTime Now { get; init; }

    public required InboxStatistics Inbox { get; init; }

    public required IReadOnlyList<InstanceStatus> Instances { get; init; }

    public required IReadOnlyList<CheckStatus> Checks { get; init; }

    /// <summary>The reports of the last examination by the doctor; null before the first one.</summary>
    public IReadOnlyList<DoctorReport>? Reports { get; init; }
}

/// <summary>The state of an instance.</summary>
/// <param name="IdInstance">The id of the instance.</param>
/// <param name="Receive">How its notifications are received.</param>
/// <param name="LastCallAt">When the desk last wrote an event of the instance, in UTC; null if it never did.</param>
internal sealed record InstanceStatus(long IdInstance, ReceiveMode Receive, DateTime? LastCallAt);

/// <summary>The result of a health check.</summary>
/// <param name="Name">The name of the check.</param>
/// <param name="Status">The status.</param>
/// <param name="Description">The reason, if the status is not healthy.</param>
internal sealed record CheckStatus(string Name, HealthStatus Status, string? Description);
