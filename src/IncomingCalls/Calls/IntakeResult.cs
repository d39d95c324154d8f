namespace IncomingCalls;

/// <summary>The result of passing a notification to <see cref="ICallIntake"/>.</summary>
public sealed class IntakeResult
{
    /// <summary>The outcome.</summary>
    public required IntakeOutcome Outcome { get; init; }

    /// <summary>Whether the transport must acknowledge the notification: answer 200, or delete it from the queue.</summary>
    /// <value>Default: true.</value>
    public bool ShouldAcknowledge { get; init; } = true;

    /// <summary>A sentence that explains the outcome; null where the outcome needs no explanation.</summary>
    public string? Reason { get; init; }
}

/// <summary>The outcomes of passing a notification to <see cref="ICallIntake"/>.</summary>
public enum IntakeOutcome
{
    /// <summary>The notification became an event and was stored in the inbox.</summary>
    Stored = 0,

    /// <summary>The notification updated its call or changed nothing; no event was raised.</summary>
    Tracked,

    /// <summary>The policy discarded the notification; or the call journal has an entry of a call that no notification has announced.</summary>
    Discarded,

    /// <summary>The notification is a duplicate of one that was accepted before.</summary>
    Duplicate,

    /// <summary>The notification is of another type, and was passed to the handlers of other notifications, if any are registered.</summary>
    OtherType,

    /// <summary>The notification cannot be read, or the policy failed; it was stored in the quarantine.</summary>
    Quarantined,

    /// <summary>The notification belongs to an instance that no source knows, or that the transport did not expect.</summary>
    Refused,
}

/// <summary>
/// The exception that is thrown when a notification could not be stored or, with the in-memory inbox, its handlers did not succeed.
/// The notification must not be acknowledged, so that the gateway redelivers it.
/// </summary>
public class CallInboxUnavailableException : Exception
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="message">What happened and what to do, without personal data.</param>
    /// <param name="innerException">The exception that is the cause; null if there is none.</param>
    public CallInboxUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
