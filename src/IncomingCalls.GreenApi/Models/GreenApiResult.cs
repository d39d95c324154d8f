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

/// <summary>
/// What an answer of the API means, see <see href="https://green-api.com/en/docs/api/common-errors/">Common errors</see>.
/// </summary>
public enum GreenApiStatus
{
    /// <summary>An answer that this version does not know.</summary>
    Unexpected = 0,

    /// <summary>Done.</summary>
    Ok,

    /// <summary>400: the request is wrong; the same request will not succeed later.</summary>
    BadRequest,

    /// <summary>401: the apiTokenInstance is wrong.</summary>
    Unauthorized,

    /// <summary>403: the idInstance is wrong, or the account is suspended.</summary>
    Forbidden,

    /// <summary>404: the address of the API is wrong.</summary>
    NotFound,

    /// <summary>400: notifications go to a webhook, so that there is nothing to receive.</summary>
    WebhookUrlSet,

    /// <summary>400: the messenger's account is not logged in to the instance.</summary>
    NotAuthorized,

    /// <summary>400: the instance is starting; a matter of seconds.</summary>
    Starting,

    /// <summary>400: the instance is not paid for any more, or deleted.</summary>
    Expired,

    /// <summary>429: too many requests per second.</summary>
    RateLimited,

    /// <summary>466: the quota of the plan is used up.</summary>
    QuotaExceeded,

    /// <summary>469: the limit of contact look-ups is reached.</summary>
    ContactLimitReached,

    /// <summary>500: the API failed.</summary>
    ServerError,

    /// <summary>502, 503 or 504: a gateway in between failed.</summary>
    GatewayError,

    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>No answer in time; 408 and 499 too.</summary>
    TimedOut,

    /// <summary>An answer of success that cannot be read, or a redirect: something else answers at this address.</summary>
    InvalidResponse,

    /// <summary>An answer of more than 16 MiB.</summary>
    ResponseTooLarge,
}
