using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>A call notification on its way into an inbox.</summary>
[Experimental("ICEXP001")]
public sealed class ReceivedCallNotification
{
    /// <summary>The notification.</summary>
    public required IncomingCallNotification Notification { get; init; }

    /// <summary>What the policy decided: track or handle. What is discarded never comes here.</summary>
    public required CallDecision Decision { get; init; }

    /// <summary>When it was received, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the receipt; null when nobody traces.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The W3C <c>tracestate</c> of the receipt.</summary>
    public string? TraceState { get; init; }
}
