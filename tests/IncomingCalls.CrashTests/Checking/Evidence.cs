namespace IncomingCalls.CrashTests;

/// <summary>Everything that is known when the last life has ended.</summary>
internal sealed record Evidence
{
    /// <summary>What the gateway sent: the notifications of an instance in their order.</summary>
    public required IReadOnlyList<SentNotification> Sent { get; init; }

    /// <summary>What the handlers wrote down: the lives in their order, and within a life in the order of writing.</summary>
    public required IReadOnlyList<Effect> Effects { get; init; }

    /// <summary>The lives, in their order.</summary>
    public required IReadOnlyList<Life> Lives { get; init; }

    /// <summary>The dead letters of the inbox file: event and handler.</summary>
    public required IReadOnlyList<(string EventId, string Handler)> DeadLetters { get; init; }

    /// <summary>The SHA-256 of each item in the quarantine of the inbox file.</summary>
    public required IReadOnlyList<string> Quarantined { get; init; }
}
