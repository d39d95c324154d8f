using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inboxes;

/// <summary>One attempt that an inbox is to make.</summary>
[Experimental("ICEXP001")]
public sealed record HandlerRun
{
    /// <summary>The event.</summary>
    public required OwedEvent Owed { get; init; }

    /// <summary>The handler.</summary>
    public required OwedHandler Handler { get; init; }

    /// <summary>What tells this run from every other of the call.</summary>
    public (string EventId, string Handler) Id => (Owed.Event.Id, Handler.Name);
}
