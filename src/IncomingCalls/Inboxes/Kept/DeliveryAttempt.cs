using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inboxes;

/// <summary>One attempt that an inbox is to make.</summary>
[Experimental("ICEXP001")]
public sealed record DeliveryAttempt
{
    /// <summary>The event.</summary>
    public required PendingEvent PendingEvent { get; init; }

    /// <summary>The handler.</summary>
    public required Delivery Delivery { get; init; }

    /// <summary>What tells this run from every other of the call.</summary>
    public (string EventId, string Handler) Id => (PendingEvent.Event.Id, Delivery.HandlerName);
}
