namespace IncomingCalls;

/// <summary>Thrown by a handler: this event will never succeed; give it up now, without further attempts.</summary>
public class CallEventRejectedException : Exception
{
    /// <summary>Gives the event up.</summary>
    /// <param name="message">Why, for the log and the dead letter; no phone numbers, please.</param>
    /// <param name="innerException">What went wrong.</param>
    public CallEventRejectedException(string? message = null, Exception? innerException = null)
        : base(message ?? "The handler rejected the event.", innerException)
    {
    }
}
