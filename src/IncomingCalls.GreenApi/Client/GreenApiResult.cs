using System.Globalization;

namespace IncomingCalls;

/// <summary>The answer to one request. Its text never holds the token, the address or anything of the body.</summary>
/// <typeparam name="T">What an answer of success carries.</typeparam>
public sealed class GreenApiResult<T>
{
    /// <summary>What the answer means.</summary>
    public required GreenApiStatus Status { get; init; }

    /// <summary>What the answer carries; default when <see cref="Status"/> is not <see cref="GreenApiStatus.Ok"/>.</summary>
    public T? Value { get; init; }

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Why there was no answer, where .NET knows it.</summary>
    public HttpRequestError? TransportError { get; init; }

    /// <summary>
    /// How far the clock of this host is ahead of the server's, at the least, by the Date header of the answer: zero when they agree
    /// within the second that the header is exact to and the way of the answer. Null when there was none.
    /// </summary>
    public TimeSpan? ClockSkew { get; internal set; }

    /// <summary>Whether the request succeeded.</summary>
    public bool IsOk => Status == GreenApiStatus.Ok;

    /// <summary>The meaning and the HTTP status.</summary>
    /// <returns>A text that is fit for logs.</returns>
    public override string ToString() => HttpStatus is { } code ? string.Create(CultureInfo.InvariantCulture, $"{Status} (HTTP {code})")
        : TransportError is { } error ? $"{Status} ({error})"
        : Status.ToString();
}
