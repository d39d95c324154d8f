namespace IncomingCalls;

/// <summary>An event whose handler gave up after its last attempt.</summary>
public sealed class DeadLetter
{
    /// <summary>What the operator's actions name it by.</summary>
    public required long Id { get; init; }

    /// <summary>The <see cref="CallEvent.Id"/>.</summary>
    public required string EventId { get; init; }

    /// <summary>The call.</summary>
    public required CallKey Call { get; init; }

    /// <summary>What happened to the call.</summary>
    public required CallEventKind Kind { get; init; }

    /// <summary>The name of the handler that gave up.</summary>
    public required string Handler { get; init; }

    /// <summary>How many attempts it made.</summary>
    public required int Attempts { get; init; }

    /// <summary>The type and message of the last failure, numbers masked.</summary>
    public required string Error { get; init; }

    /// <summary>When it happened to the call, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When the handler gave up, in UTC.</summary>
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>Whether a replay is asked for and not begun.</summary>
    public bool IsReplayRequested { get; init; }
}
