namespace IncomingCalls;

/// <summary>A notification in quarantine, without its bytes.</summary>
public sealed class QuarantineItem
{
    /// <summary>What the operator's actions name it by.</summary>
    public required long Id { get; init; }

    /// <summary>Why it is here: the name of a <c>QuarantineReason</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Why it is here, in words for a person, without its content.</summary>
    public required string Explanation { get; init; }

    /// <summary>How many bytes it has.</summary>
    public required int Length { get; init; }

    /// <summary>The SHA-256 of the bytes, in hexadecimal, as the log told it.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The instance that it names; null when it names none.</summary>
    public long? IdInstance { get; init; }

    /// <summary>When it was received, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Whether a replay is asked for and not begun.</summary>
    public bool IsReplayRequested { get; init; }
}
