using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inboxes;

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
