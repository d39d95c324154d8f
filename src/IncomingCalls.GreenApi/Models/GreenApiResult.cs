using System.Globalization;

namespace IncomingCalls;

/// <summary>The result of one request. Its text never contains the token, the path of the address or any part of the body.</summary>
/// <typeparam name="T">The type of the value of a successful result.</typeparam>
public sealed class GreenApiResult<T>
{
    /// <summary>The meaning of the response.</summary>
    public required GreenApiStatus Status { get; init; }

    /// <summary>The value of the response; default when <see cref="Status"/> is not <see cref="GreenApiStatus.Ok"/>.</summary>
    public T? Value { get; init; }

    /// <summary>The HTTP status; null when there was no response.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The reason why there was no response, where .NET reports one.</summary>
    public HttpRequestError? TransportError { get; init; }

    /// <summary>Why there was no response, and at which scheme, host and port; null when there was a response.</summary>
    internal string? TransportProblem { get; init; }

    /// <summary>
    /// The minimum by which the clock of this host is ahead of the server's clock, according to the Date header of the response; negative
    /// when it is behind. Zero when the clocks agree within the resolution of the header (one second) and the time of the request.
    /// Null when there was no Date header.
    /// </summary>
    public TimeSpan? ClockSkew { get; internal set; }

    /// <summary>Whether the request succeeded.</summary>
    public bool IsOk => Status == GreenApiStatus.Ok;

    /// <summary>Gets the meaning and the HTTP status.</summary>
    /// <returns>A text that is safe for logs.</returns>
    public override string ToString() => HttpStatus is { } code ? string.Create(CultureInfo.InvariantCulture, $"{Status} (HTTP {code})")
        : (TransportProblem ?? TransportError?.ToString()) is { } problem ? $"{Status} ({problem})"
        : Status.ToString();
}

/// <summary>
/// The meaning of a response of the API, see <see href="https://green-api.com/en/docs/api/common-errors/">Common errors</see>.
/// </summary>
public enum GreenApiStatus
{
    /// <summary>A response that this version does not know.</summary>
    Unexpected = 0,

    /// <summary>The request succeeded.</summary>
    Ok,

    /// <summary>400: the request is invalid; retrying the same request does not help.</summary>
    BadRequest,

    /// <summary>401: the apiTokenInstance is wrong.</summary>
    Unauthorized,

    /// <summary>403: the idInstance is wrong, or the account is suspended.</summary>
    Forbidden,

    /// <summary>404: the address of the API is wrong.</summary>
    NotFound,

    /// <summary>400: notifications are posted to a webhook and cannot be received by polling.</summary>
    WebhookUrlSet,

    /// <summary>400: the instance is not logged in to its messenger.</summary>
    NotAuthorized,

    /// <summary>400: the instance is starting, which takes seconds.</summary>
    Starting,

    /// <summary>400: the instance has expired because it is no longer paid for, or it was deleted.</summary>
    Expired,

    /// <summary>429: too many requests per second.</summary>
    RateLimited,

    /// <summary>466: the quota of the plan is exhausted.</summary>
    QuotaExceeded,

    /// <summary>469: the limit of contact lookups is reached.</summary>
    ContactLimitReached,

    /// <summary>500: the API failed.</summary>
    ServerError,

    /// <summary>502, 503 or 504: an HTTP gateway between this host and the API failed.</summary>
    GatewayError,

    /// <summary>The connection could not be established, or it was lost.</summary>
    Unreachable,

    /// <summary>There was no response within the timeout; also 408, 499, and 400 when the check of a phone number took too long.</summary>
    TimedOut,

    /// <summary>A successful response that cannot be read, or a redirect: another server than the API responds at this address.</summary>
    InvalidResponse,

    /// <summary>A response of more than 16 MiB.</summary>
    ResponseTooLarge,
}
