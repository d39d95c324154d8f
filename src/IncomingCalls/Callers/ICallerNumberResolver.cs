using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>
/// Finds the phone number of a caller with a linked id, independently of the caller's name. A host that knows the number itself returns it as
/// <see cref="CallerName.PhoneNumber"/> instead.
/// </summary>
/// <remarks>A singleton and thread-safe. It is called when no <see cref="ICallerNameResolver"/> of the host has a number, at most once at a time per caller.</remarks>
[Experimental("ICEXP001")]
public interface ICallerNumberResolver
{
    /// <summary>Looks up the phone number of a caller.</summary>
    /// <param name="query">The caller.</param>
    /// <param name="cancellationToken">The token that is cancelled when the host stops, or after 30 minutes.</param>
    /// <returns>A task whose result is the number, or that there is none; null if this resolver cannot look up numbers of the instance.</returns>
    /// <exception cref="CallerNameUnavailableException">The number cannot be looked up now. This is neither logged nor cached.</exception>
    ValueTask<CallerNumber?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken);
}

/// <summary>The result of the lookup of a phone number.</summary>
[Experimental("ICEXP001")]
public sealed class CallerNumber
{
    /// <summary>The phone number in E.164 form; null when the caller hides it, or has no account any more.</summary>
    public string? PhoneNumber { get; init => field = ChatIdFormat.ParsePhoneNumber(value); }

    /// <summary>How long the result is cached.</summary>
    public required TimeSpan CacheDuration { get; init; }
}

/// <summary>A cached phone number, or the cached result that there is none, which an inbox can store so that it survives a restart.</summary>
[Experimental("ICEXP001")]
public sealed record CachedCallerNumber
{
    /// <summary>The number of the instance that was called.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The chat id of the caller.</summary>
    public required ChatId ChatId { get; init; }

    /// <summary>The phone number in E.164 form; null when there is none.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>When the result expires, in UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Returns the masked chat id. The phone number is not part of the text.</summary>
    /// <returns>A text that is safe for logs.</returns>
    public override string ToString() => ChatId.ToString();
}
