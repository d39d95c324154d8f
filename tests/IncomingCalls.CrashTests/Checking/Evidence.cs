namespace IncomingCalls.CrashTests;

/// <summary>Everything that is known when the last life has ended.</summary>
internal record Evidence
{
    /// <summary>What the gateway sent: the notifications of an instance in their order.</summary>
    public required IReadOnlyList<SentNotification> Sent { get; init; }

    /// <summary>What the handlers wrote down: in the order of writing.</summary>
    public required IReadOnlyList<Effect> Effects { get; init; }

    /// <summary>The lives, in their order.</summary>
    public required IReadOnlyList<HostRun> Runs { get; init; }

    /// <summary>Which attempts may be made again. Where one process follows the other, their lives tell.</summary>
    public virtual IRepeatedAttemptRule RepeatRule => new SequentialRunsRule(Runs);

    /// <summary>The dead letters of the inbox: event and handler.</summary>
    public required IReadOnlyList<(string EventId, string Handler)> DeadLetters { get; init; }

    /// <summary>The SHA-256 of each item in the quarantine of the inbox.</summary>
    public required IReadOnlyList<string> Quarantined { get; init; }
}
