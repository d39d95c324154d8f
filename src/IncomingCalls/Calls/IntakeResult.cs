namespace IncomingCalls;

/// <summary>What became of a notification, see <see cref="ICallIntake"/>.</summary>
public sealed class IntakeResult
{
    /// <summary>What became of it.</summary>
    public required IntakeOutcome Outcome { get; init; }

    /// <summary>Whether the transport is to acknowledge: answer 200, or delete it from the queue.</summary>
    /// <value>Default: true.</value>
    public bool ShouldAcknowledge { get; init; } = true;

    /// <summary>Why, in words for a person, where the outcome alone does not say it; else null.</summary>
    public string? Reason { get; init; }
}

/// <summary>What became of a notification.</summary>
public enum IntakeOutcome
{
    /// <summary>It became an event; the inbox has it.</summary>
    Stored = 0,

    /// <summary>It updated its call, or changed nothing in it; there is no event.</summary>
    Tracked,

    /// <summary>The policy wants nothing of it.</summary>
    Discarded,

    /// <summary>The same was taken before.</summary>
    Duplicate,

    /// <summary>It is of another type, and was given to the foreign handlers, if there are any.</summary>
    OtherType,

    /// <summary>It cannot be read, or the policy failed; the quarantine has it.</summary>
    Quarantined,

    /// <summary>It belongs to an instance that is unknown here or that the transport did not expect.</summary>
    Refused,
}

/// <summary>
/// The notification could not be kept, or (inline inbox) its handlers have not succeeded: it must not be acknowledged, and the
/// gateway sends it again.
/// </summary>
public class CallInboxUnavailableException : Exception
{
    /// <summary>Says why nothing could be kept.</summary>
    /// <param name="message">What happened and what to do, without personal data.</param>
    /// <param name="innerException">What went wrong.</param>
    public CallInboxUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
