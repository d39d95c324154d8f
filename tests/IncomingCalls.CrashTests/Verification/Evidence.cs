namespace IncomingCalls.CrashTests;

/// <summary>Everything that is known after the last run.</summary>
internal record Evidence
{
    /// <summary>The notifications that the gateway sent: those of an instance in their order.</summary>
    public required IReadOnlyList<SentNotification> Sent { get; init; }

    /// <summary>The names of the handlers of the hosts.</summary>
    public IReadOnlyList<string> Handlers { get; init; } = HandlerNames.All;

    /// <summary>The effects that the handlers recorded, in the order of writing.</summary>
    public required IReadOnlyList<Effect> Effects { get; init; }

    /// <summary>The runs, in their order.</summary>
    public required IReadOnlyList<HostRun> Runs { get; init; }

    /// <summary>The rule that decides which attempts may be repeated. For sequential processes it depends on their runs.</summary>
    public virtual IRepeatedAttemptRule RepeatRule => new SequentialRunsRule(Runs);

    /// <summary>The dead letters of the inbox: event and handler.</summary>
    public required IReadOnlyList<(string EventId, string Handler)> DeadLetters { get; init; }

    /// <summary>The SHA-256 of each item in the quarantine of the inbox.</summary>
    public required IReadOnlyList<string> Quarantined { get; init; }
}

/// <summary>A notification in the history of the gateway, reduced to what the checker needs.</summary>
internal sealed record SentNotification
{
    public required long IdInstance { get; init; }

    /// <summary>The id of the call; null for anything but a call notification.</summary>
    public string? IdMessage { get; init; }

    /// <summary>The text of the status; null for none.</summary>
    public string? Status { get; init; }

    /// <summary>The SHA-256 of an unreadable notification, which must be quarantined; null for any other.</summary>
    public string? UnreadableSha256 { get; init; }

    /// <summary>Whether the notification was deleted or answered with 200.</summary>
    public required bool IsAcknowledged { get; init; }

    /// <summary>How often the gateway delivered the notification.</summary>
    public required int Deliveries { get; init; }
}

/// <summary>One process that worked on the inbox file.</summary>
internal sealed record HostRun
{
    /// <summary>From 1, without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>What ended the run, as text for a report.</summary>
    public required string EndReason { get; init; }

    /// <summary>Whether SIGKILL ended the run.</summary>
    public required bool IsKilled { get; init; }

    /// <summary>The pending deliveries in the inbox file after the process had exited. A delivery that is missing here is settled and must not run again.</summary>
    public required IReadOnlySet<PendingDelivery> PendingDeliveries { get; init; }
}

/// <summary>A pending delivery as stored in the inbox.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Handler">The handler.</param>
/// <param name="FailedAttempts">How many of its attempts are settled as failed.</param>
internal sealed record PendingDelivery(string EventId, string Handler, int FailedAttempts)
{
    /// <summary>Creates the pending delivery that is stored as long as an attempt is not settled.</summary>
    public static PendingDelivery FromEffect(Effect effect) => new(effect.EventId, effect.Handler, effect.Attempt - 1);
}
