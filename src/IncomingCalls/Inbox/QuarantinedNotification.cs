using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>A notification that could not be read or decided.</summary>
[Experimental("ICEXP001")]
public sealed class QuarantinedNotification
{
    /// <summary>Why it is here.</summary>
    public required QuarantineReason Reason { get; init; }

    /// <summary>Why it is here, in words for a person, without its content.</summary>
    public required string Explanation { get; init; }

    /// <summary>What was received. An inbox that keeps it after its task completes copies it.</summary>
    public required ReadOnlyMemory<byte> Utf8Json { get; init; }

    /// <summary>When it was received, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The instance that it names; null when it names none.</summary>
    public long? IdInstance { get; init; }
}

/// <summary>Why a notification is in quarantine.</summary>
[Experimental("ICEXP001")]
public enum QuarantineReason
{
    /// <summary>It is not JSON, or names no <c>typeWebhook</c>.</summary>
    NotANotification = 0,

    /// <summary>It is a call notification without a part that makes a call.</summary>
    NotUnderstood,

    /// <summary>The policy threw an exception.</summary>
    PolicyFailed,

    /// <summary>It is longer than accepted; only its beginning is kept.</summary>
    Truncated,
}
