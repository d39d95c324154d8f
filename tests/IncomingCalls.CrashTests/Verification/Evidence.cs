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

/// <summary>A notification in the history of the gateway, as far as the checker looks at it.</summary>
internal sealed record SentNotification
{
    public required long IdInstance { get; init; }

    /// <summary>The id of the call; null for what is no call notification.</summary>
    public string? IdMessage { get; init; }

    /// <summary>The text of the status; null for none.</summary>
    public string? Status { get; init; }

    /// <summary>The SHA-256 of what nobody can read, which belongs into quarantine; null for everything else.</summary>
    public string? UnreadableSha256 { get; init; }

    /// <summary>Whether it was deleted, or answered 200.</summary>
    public required bool IsAcknowledged { get; init; }

    /// <summary>How often it was handed out.</summary>
    public required int Deliveries { get; init; }
}

/// <summary>One process that worked on the inbox file.</summary>
internal sealed record HostRun
{
    /// <summary>From 1, without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>What ended it, for people.</summary>
    public required string EndReason { get; init; }

    /// <summary>Whether SIGKILL ended it.</summary>
    public required bool IsKilled { get; init; }

    /// <summary>What the inbox file owed when the process was gone: what is not in it is marked, and must not run again.</summary>
    public required IReadOnlySet<PendingDelivery> PendingDeliveries { get; init; }
}

/// <summary>A handler that is owed an event, as the inbox says.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Handler">The handler.</param>
/// <param name="FailedAttempts">How many of its attempts are marked as failed.</param>
internal sealed record PendingDelivery(string EventId, string Handler, int FailedAttempts)
{
    /// <summary>What is owed as long as an attempt is not marked.</summary>
    public static PendingDelivery FromEffect(Effect effect) => new(effect.EventId, effect.Handler, effect.Attempt - 1);
}
