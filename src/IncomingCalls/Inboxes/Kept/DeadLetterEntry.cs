using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inboxes;

/// <summary>An event whose handler gave up: what an inbox keeps of a dead letter.</summary>
[Experimental("ICEXP001")]
public sealed record DeadLetterEntry
{
    /// <summary>The event.</summary>
    public required StoredCallEvent Event { get; init; }

    /// <summary>The handler that gave up.</summary>
    public required string Handler { get; init; }

    /// <summary>How many attempts it made.</summary>
    public required int Attempts { get; init; }

    /// <summary>The type and message of the last failure, numbers masked.</summary>
    public required string Error { get; init; }

    /// <summary>When it gave up, in UTC.</summary>
    public required DateTimeOffset FailedAt { get; init; }
}
