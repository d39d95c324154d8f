namespace IncomingCalls;

/// <summary>What became of a notification, see <see cref="ICallIntake"/>.</summary>
public sealed class IntakeResult
{
    /// <summary>What became of it.</summary>
    public required IntakeOutcome Outcome { get; init; }

    /// <summary>Whether the transport is to acknowledge: answer 200, or delete it from the queue.</summary>
    /// <value>Default: true.</value>
    public bool ShouldAcknowledge { get; init; } = true;

    /// <summary>Why, in words for a person, where the outcome alone does not say it; else null.</summary>
    public string? Reason { get; init; }
}
