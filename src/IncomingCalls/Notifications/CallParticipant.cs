namespace IncomingCalls;

/// <summary>One member of a group call, as newer gateways list them.</summary>
public sealed record CallParticipant
{
    /// <summary>Who takes part.</summary>
    public required ChatId Id { get; init; }

    /// <summary>What became of the call for this member.</summary>
    public CallStatus Status => CallStatusText.Parse(RawStatus);

    /// <summary>The text of the status as the gateway wrote it; null when there was none.</summary>
    public string? RawStatus { get; init; }
}
