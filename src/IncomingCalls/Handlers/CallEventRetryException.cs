namespace IncomingCalls;

/// <summary>Thrown by a handler: try this event again after a time of the handler's choice.</summary>
public class CallEventRetryException : Exception
{
    /// <summary>Asks for another attempt.</summary>
    /// <param name="delay">How long to wait; not negative.</param>
    /// <param name="message">Why, for the log; no phone numbers, please.</param>
    /// <param name="innerException">What went wrong.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative.</exception>
    public CallEventRetryException(TimeSpan delay, string? message = null, Exception? innerException = null)
        : base(message ?? "The handler asked to be tried again later.", innerException)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Delay = delay;
    }

    /// <summary>How long to wait before the next attempt. In the inline inbox at most the time left for the delivery.</summary>
    public TimeSpan Delay { get; }
}
