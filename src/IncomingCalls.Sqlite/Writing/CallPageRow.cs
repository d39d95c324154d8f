namespace IncomingCalls;

/// <summary>What decides whether a call may be forgotten.</summary>
internal sealed class CallPageRow
{
    public required long RowId { get; init; }

    public required CallKey Key { get; init; }

    public required DateTimeOffset TouchedAt { get; init; }

    public required bool IsFinished { get; init; }
}
