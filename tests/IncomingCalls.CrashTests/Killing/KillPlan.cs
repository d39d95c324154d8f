namespace IncomingCalls.CrashTests;

/// <summary>How one life is to end.</summary>
internal sealed record KillPlan
{
    /// <summary>Why, for the figures: a <see cref="CrashLocation"/>, or what the killer waits for.</summary>
    public required string Name { get; init; }

    /// <summary>The point at which the host kills itself; null where it is killed from outside.</summary>
    public CrashPoint? CrashPoint { get; init; }

    /// <summary>What the killer waits for before its <see cref="Delay"/>, where the host does not kill itself.</summary>
    public KillTrigger Trigger { get; init; }

    /// <summary>How many acknowledgements, for <see cref="KillTrigger.Acknowledged"/>.</summary>
    public int Acknowledgements { get; init; }

    /// <summary>How long the killer waits then.</summary>
    public TimeSpan Delay { get; init; }
}
