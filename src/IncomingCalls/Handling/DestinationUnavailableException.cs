using IncomingCalls.Handling;

namespace IncomingCalls;

/// <summary>
/// Thrown by a handler when the service that it writes to cannot be used for now: its token was revoked, its subscription is over, or it is down. The deliveries of the handler to
/// this destination are paused, and other destinations are not affected. The attempt does not count. One delivery at a time probes the destination, with growing delays of up to
/// 15 minutes, until an attempt does not throw this exception. What has waited for <see cref="CallHandlerOptions.MaxPause"/> becomes a dead letter.
/// </summary>
/// <remarks>An operator notifier is retried instead until the alert expires, since an alert waits for nothing.</remarks>
public class DestinationUnavailableException : Exception
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="destination">The destination, such as <c>bitrix24:portal-7</c>: 1 to 200 characters, without control characters. It should contain no phone number.</param>
    /// <param name="retryAfter">The time until the first probe, not negative, if the destination has announced it; null or zero for 30 seconds at first, and up to 15 minutes later. More than 24 hours are 24 hours.</param>
    /// <param name="message">The reason, for the log and for operators. It should contain no phone numbers.</param>
    /// <param name="innerException">The exception that caused the failure.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is empty, too long, or has control characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="retryAfter"/> is negative.</exception>
    public DestinationUnavailableException(string destination, TimeSpan? retryAfter = null, string? message = null, Exception? innerException = null)
        : base(message ?? "The destination is not available.", innerException)
    {
        DestinationName.ThrowIfInvalid(destination);
        ArgumentOutOfRangeException.ThrowIfLessThan(retryAfter ?? TimeSpan.Zero, TimeSpan.Zero, nameof(retryAfter));
        (Destination, RetryAfter) = (destination, retryAfter);
    }

    /// <summary>The destination.</summary>
    public string Destination { get; }

    /// <summary>The time until the first probe; null for that of the inbox.</summary>
    public TimeSpan? RetryAfter { get; }
}
