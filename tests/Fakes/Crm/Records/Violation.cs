using System.Text.Json.Serialization;

namespace IncomingCalls.Fakes.Crm;

/// <summary>Something that a correct client does not do.</summary>
/// <param name="Portal">The name of the portal.</param>
/// <param name="Time">When the request arrived.</param>
/// <param name="Kind">What is wrong with the request.</param>
/// <param name="Operation">The operation; null for an unknown method or path.</param>
/// <param name="Client">The header <c>User-Agent</c>; null for none.</param>
public sealed record Violation(string Portal, DateTimeOffset Time, ViolationKind Kind, CrmOperation? Operation, string? Client = null);

/// <summary>What is wrong with a request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ViolationKind>))]
public enum ViolationKind
{
    /// <summary>The request exceeded the rate of the portal.</summary>
    RateLimitExceeded,

    /// <summary>The request came before the time that an answer 429 had stated.</summary>
    SentDuringRetryAfter,

    /// <summary>The request came while the portal was blocked.</summary>
    SentWhileBlocked,

    /// <summary>The URL contains a token.</summary>
    TokenInUrl,

    /// <summary>The token belongs to another portal.</summary>
    TokenOfAnotherPortal,

    /// <summary>The refresh token was used before.</summary>
    RefreshTokenUsedTwice,

    /// <summary>The phone is a linked id, a group id, or another text that is no phone number.</summary>
    NotAPhoneNumber,

    /// <summary>The body is not declared as JSON.</summary>
    WrongContentType,
}
