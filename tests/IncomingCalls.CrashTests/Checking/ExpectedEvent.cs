namespace IncomingCalls.CrashTests;

/// <summary>An event that a call must make, or may.</summary>
internal sealed record ExpectedEvent
{
    public required CallEventKind Kind { get; init; }

    /// <summary>The text of an unknown status in lower case; empty for all other kinds.</summary>
    public string Text { get; init; } = "";

    /// <summary>Its place among the events of the call.</summary>
    public required int Position { get; init; }

    /// <summary>Whether it depends on the time that a kill takes: a missing outcome may be told, or come before.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether an effect is that of this event.</summary>
    public bool Matches(Effect effect) => effect.Kind == Kind && (Kind != CallEventKind.Unrecognized || effect.Status == Text);
}
