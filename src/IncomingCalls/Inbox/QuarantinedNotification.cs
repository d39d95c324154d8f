using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>A notification that is unreadable or that the policy failed for.</summary>
[Experimental("ICEXP001")]
public sealed class QuarantinedNotification
{
    /// <summary>The reason of the quarantine.</summary>
    public required QuarantineReason Reason { get; init; }

    /// <summary>A description of the reason that contains nothing of the notification's content.</summary>
    public required string Explanation { get; init; }

    /// <summary>The received bytes. An inbox that stores them after its task has completed must copy them.</summary>
    public required ReadOnlyMemory<byte> Utf8Json { get; init; }

    /// <summary>When the notification was received, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The instance that the notification names; null when it names none.</summary>
    public long? IdInstance { get; init; }
}

/// <summary>Why a notification is in the quarantine.</summary>
[Experimental("ICEXP001")]
public enum QuarantineReason
{
    /// <summary>The document is not JSON, or it has no <c>typeWebhook</c>.</summary>
    NotANotification = 0,

    /// <summary>The document is a call notification without a field that is required to identify the call.</summary>
    NotUnderstood,

    /// <summary>The policy threw an exception.</summary>
    PolicyFailed,

    /// <summary>The document is longer than the size limit; only its beginning is stored.</summary>
    Truncated,

    /// <summary>The stored state of the call cannot be read, so the notification could not be applied to it.</summary>
    CallUnreadable,
}
