using IncomingCalls;

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
