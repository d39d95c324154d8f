using System.Net.Http.Headers;
using IncomingCalls.Handling;

namespace IncomingCalls;

/// <summary>Thrown by a handler to have the event retried after a delay that the handler chooses.</summary>
public class CallEventRetryException : Exception
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(30);

    /// <summary>Initializes the exception with the delay before the next attempt.</summary>
    /// <param name="delay">The delay before the next attempt; not negative. More than 30 days are 30 days.</param>
    /// <param name="destination">
    /// The destination that has asked for the delay, such as <c>bitrix24:portal-7</c>: 1 to 200 characters, without control characters. All deliveries of the handler to it wait for this
    /// time, for at least one second and at most one hour, and the attempt counts only once the event is 24 hours old. Null if the delay concerns this delivery alone; the attempt then counts.
    /// </param>
    /// <param name="message">The reason, for the log. It should contain no phone numbers.</param>
    /// <param name="innerException">The exception that caused the failure.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is empty, too long, or has control characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative.</exception>
    public CallEventRetryException(TimeSpan delay, string? destination = null, string? message = null, Exception? innerException = null)
        : base(message ?? "The handler requested a retry after a delay.", innerException)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (destination is not null)
        {
            DestinationName.ThrowIfInvalid(destination);
        }

        (Delay, Destination) = (delay < MaxDelay ? delay : MaxDelay, destination);
    }

    /// <summary>
    /// The delay before the next attempt. The in-memory inbox retries only within <see cref="IncomingCallsOptions.AcknowledgementTimeout"/>; after
    /// a longer delay the gateway's redelivery is the next attempt.
    /// </summary>
    public TimeSpan Delay { get; }

    /// <summary>The destination that has asked for the delay; null if the delay concerns this delivery alone.</summary>
    public string? Destination { get; }

    /// <summary>Creates the exception from the <c>Retry-After</c> header of an HTTP response, which is a number of seconds or a date.</summary>
    /// <param name="response">The response, for example with the status 429 or 503.</param>
    /// <param name="fallback">The delay if the response has no such header, or one that cannot be read.</param>
    /// <param name="destination">The destination that has sent the response, so that all deliveries to it wait; null if only this delivery waits.</param>
    /// <param name="timeProvider">The clock for a date, if the response has no <c>Date</c> header; null for that of the system.</param>
    /// <returns>The exception, to be thrown.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fallback"/> is negative.</exception>
    public static CallEventRetryException FromRetryAfter(HttpResponseMessage response, TimeSpan fallback, string? destination = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentOutOfRangeException.ThrowIfLessThan(fallback, TimeSpan.Zero);
        var delay = GetDelay(response.Headers, timeProvider ?? TimeProvider.System) ?? fallback;
        return new(delay, destination, $"The destination answered {(int)response.StatusCode}.");
    }

    /// <summary>Gets the delay of the header. A date is compared with that of the response, since the clocks may differ; one in the past is no delay.</summary>
    private static TimeSpan? GetDelay(HttpResponseHeaders headers, TimeProvider time) =>
        (headers.RetryAfter?.Delta ?? headers.RetryAfter?.Date - (headers.Date ?? time.GetUtcNow())) is { } delay ? delay > TimeSpan.Zero ? delay : TimeSpan.Zero : null;
}
