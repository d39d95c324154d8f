namespace IncomingCalls;

/// <summary>
/// Finds the name of a caller. Resolvers form a chain in the order of registration: the first name is used, and the remaining
/// resolvers are not called. GREEN-API's GetContactInfo is always the last one.
/// </summary>
/// <remarks>
/// Resolved from a new scope for each lookup. Results are cached, and there is at most one lookup per caller at a time; lookups of
/// different callers are concurrent. A name that is found while a resolver before it fails is cached only as long as a missing name.
/// </remarks>
public interface ICallerNameResolver
{
    /// <summary>
    /// The service key of resolvers that are called after all others, whatever the order of registration. IncomingCalls.GreenApi
    /// registers its resolver under this key.
    /// </summary>
    const string FallbackKey = "IncomingCalls.Fallback";

    /// <summary>Looks up the name of a caller.</summary>
    /// <param name="query">The caller.</param>
    /// <param name="cancellationToken">The token that is cancelled when the host stops.</param>
    /// <returns>
    /// A task whose result is the name, or null if this resolver has none. If no resolver has one, this is cached for
    /// <see cref="IncomingCallsOptions.MissingCallerNameCacheDuration"/>. After any other exception than the one below, or 30 seconds without
    /// a result, the resolver is not called for the instance for a time: one second, doubled with each further failure up to five minutes. This
    /// is logged once per pause, the remaining resolvers are called, and the absence of a name is not cached.
    /// </returns>
    /// <exception cref="CallerNameUnavailableException">The name cannot be looked up now. This is neither logged nor cached.</exception>
    ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken);
}

/// <summary>The caller whose name is looked up.</summary>
public sealed class CallerNameQuery
{
    private bool _isRinging;

    /// <summary>The number of the instance that was called.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The chat id of the caller. It is never a group.</summary>
    public required ChatId ChatId { get; init; }

    /// <summary>
    /// Whether the caller's call is ringing and an operator sees the number. Such queries have priority where requests are
    /// rate-limited. The value becomes true while the query is waiting if the caller calls again.
    /// </summary>
    public bool IsRinging { get => Volatile.Read(ref _isRinging); init => _isRinging = value; }

    /// <summary>Sets <see cref="IsRinging"/>.</summary>
    internal void MarkRinging() => Volatile.Write(ref _isRinging, true);
}

/// <summary>A name that a resolver found.</summary>
public sealed class CallerName
{
    /// <summary>The name. A name without a visible character counts as no name; <see cref="PhoneNumber"/> is used nevertheless.</summary>
    public required string Name { get; init; }

    /// <summary>The source of the name, chosen by the resolver; becomes <see cref="Caller.NameSource"/>.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// Whether it is a fallback name, such as a phone number. It is displayed like a name, but cached only as long as a missing name
    /// (<see cref="IncomingCallsOptions.MissingCallerNameCacheDuration"/>), because the caller can get a name at any time.
    /// </summary>
    /// <value>Default: false.</value>
    public bool IsFallback { get; init; }

    /// <summary>
    /// The phone number of the caller in E.164 form, such as <c>+70000000101</c>, for a chat id that does not contain it; becomes
    /// <see cref="Caller.PhoneNumber"/>. The number of a linked id that a resolver returns is not requested from GREEN-API. A text that does not
    /// have the form of a phone number is stored as null.
    /// </summary>
    /// <value>Default: null, not known.</value>
    public string? PhoneNumber { get; init => field = ChatIdFormat.ParsePhoneNumber(value); }
}

/// <summary>
/// The exception that an <see cref="ICallerNameResolver"/> throws when it cannot look up a name now, because its quota is used up or
/// too many queries are waiting. It is not logged, the next resolvers are called, and the absence of a name is not cached, so that the
/// next call of the caller starts another lookup.
/// </summary>
public class CallerNameUnavailableException : Exception
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="message">What happened, without personal data.</param>
    /// <param name="innerException">The exception that is the cause; null if there is none.</param>
    public CallerNameUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
