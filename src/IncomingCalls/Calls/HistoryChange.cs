using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>The result of <see cref="CallReducer"/>.</summary>
internal sealed class HistoryChange
{
    /// <summary>Whether this was known before; then nothing else changed.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>What is known now.</summary>
    public required CallHistory History { get; init; }

    /// <summary>The call now.</summary>
    public required Call Call { get; init; }

    /// <summary>The outcome before.</summary>
    public CallOutcome PreviousOutcome { get; init; }

    /// <summary>Whether the change is one that handlers hear of.</summary>
    public bool IsEvent { get; init; }
}
