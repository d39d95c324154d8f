using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inboxes;

/// <summary>An event that not every handler has handled.</summary>
[Experimental("ICEXP001")]
public sealed record PendingEvent
{
    /// <summary>The event.</summary>
    public required StoredCallEvent Event { get; init; }

    /// <summary>Who has still to handle it.</summary>
    public required IReadOnlyList<Delivery> Deliveries { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the receipt, which the handlers' spans continue; null when nobody traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The W3C <c>tracestate</c> of the receipt.</summary>
    public string? TraceState { get; init; }
}
