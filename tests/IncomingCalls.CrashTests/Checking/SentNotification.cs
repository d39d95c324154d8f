namespace IncomingCalls.CrashTests;

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
