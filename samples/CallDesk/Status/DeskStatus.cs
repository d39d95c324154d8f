using IncomingCalls;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CallDesk.Status;

/// <summary>How the desk is, for whoever runs it.</summary>
internal sealed record DeskStatus
{
    /// <summary>By our clock.</summary>
    public required DateTime Now { get; init; }

    public required InboxStatistics Inbox { get; init; }

    public required IReadOnlyList<InstanceStatus> Instances { get; init; }

    public required IReadOnlyList<CheckStatus> Checks { get; init; }

    /// <summary>What the doctor found when he was last asked; null before.</summary>
    public IReadOnlyList<DoctorReport>? Reports { get; init; }
}

/// <summary>An instance, for whoever runs the desk.</summary>
/// <param name="IdInstance">Its number.</param>
/// <param name="Receive">How its notifications come.</param>
/// <param name="LastCallAt">When the desk last wrote something of it, in UTC; null for never.</param>
internal sealed record InstanceStatus(long IdInstance, ReceiveMode Receive, DateTime? LastCallAt);

/// <summary>A health check.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">What it says.</param>
/// <param name="Description">Why, when it is not well.</param>
internal sealed record CheckStatus(string Name, HealthStatus Status, string? Description);
