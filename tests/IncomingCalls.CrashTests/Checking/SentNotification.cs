namespace IncomingCalls.CrashTests.Checking;

/// <summary>A notification as the gateway sent it, in the order of its queue.</summary>
public sealed record SentNotification
{
    /// <summary>The call, as <see cref="Effect.Call"/> names it.</summary>
    public required string Call { get; init; }

    public required string Status { get; init; }

    /// <summary>Whether it was answered 200, or deleted.</summary>
    public required bool IsAcknowledged { get; init; }
}
