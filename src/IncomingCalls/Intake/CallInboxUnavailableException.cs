namespace IncomingCalls;

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
