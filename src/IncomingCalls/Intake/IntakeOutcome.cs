namespace IncomingCalls;

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
