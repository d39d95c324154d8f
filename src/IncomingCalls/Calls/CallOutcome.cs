namespace IncomingCalls;

/// <summary>How a call ended. A higher value outranks a lower one, whatever the order in which they are reported.</summary>
public enum CallOutcome
{
    /// <summary>Not known yet: it rings, or only the fact of the call was reported.</summary>
    None = 0,

    /// <summary>No outcome was reported in time.</summary>
    Unknown,

    /// <summary>Nobody answered, or the caller gave up (<c>declined</c>, <c>missed</c>).</summary>
    Missed,

    /// <summary>The called side refused (<c>hungUp</c>).</summary>
    Dropped,

    /// <summary>Somebody answered (<c>pickUp</c>).</summary>
    Answered,
}
