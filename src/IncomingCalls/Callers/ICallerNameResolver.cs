namespace IncomingCalls;

/// <summary>
/// Finds the name of a caller. Resolvers form a chain in the order of registration; the first name wins and the rest are not
/// asked. GREEN-API's GetContactInfo is always last.
/// </summary>
/// <remarks>Resolved in a fresh scope for each question. Answers are cached; one question per caller is under way at a time.</remarks>
public interface ICallerNameResolver
{
    /// <summary>
    /// The service key of the resolver that is asked after all others, whatever the order of registration: GREEN-API's own.
    /// </summary>
    const string FallbackKey = "IncomingCalls.LastResort";

    /// <summary>Looks the name up.</summary>
    /// <param name="query">Whose name.</param>
    /// <param name="cancellationToken">Signalled when the host stops.</param>
    /// <returns>The name, or null when this resolver has none, which is remembered for a while. An exception is logged and not remembered.</returns>
    /// <exception cref="CallerNameUnavailableException">It cannot be told now; that is neither logged nor remembered.</exception>
    ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken);
}

/// <summary>Whose name is asked for.</summary>
public sealed class CallerNameQuery
{
    private bool _isRinging;

    /// <summary>The instance that was called.</summary>
    public required long IdInstance { get; init; }

    /// <summary>Who rings. Groups are never asked for.</summary>
    public required ChatId ChatId { get; init; }

    /// <summary>
    /// Whether the caller rings now, and an operator looks at the number: such queries go first where requests are rationed. Becomes
    /// true while the query waits when the caller rings again.
    /// </summary>
    public bool IsRinging { get => Volatile.Read(ref _isRinging); init => _isRinging = value; }

    /// <summary>The caller rings.</summary>
    internal void MarkRinging() => Volatile.Write(ref _isRinging, true);
}

/// <summary>A name that a resolver found.</summary>
public sealed class CallerName
{
    /// <summary>The name; white space counts as no name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was found, a word of the resolver's choice; becomes <see cref="Caller.NameSource"/>.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// Whether it only stands in for a name, as a phone number does: it is shown like one, but asked for anew as soon as if there
    /// were none (<see cref="IncomingCallsOptions.MissingCallerNameCacheDuration"/>), since the caller may get a name at any time.
    /// </summary>
    /// <value>Default: false.</value>
    public bool IsFallback { get; init; }
}

/// <summary>
/// A resolver cannot tell now whether there is a name: its quota is used up, or too many wait. Thrown by an
/// <see cref="ICallerNameResolver"/>, it is not logged, the resolvers behind it are asked, and it is not remembered that there is no name: the
/// next call of the caller asks again.
/// </summary>
public class CallerNameUnavailableException : Exception
{
    /// <summary>Says why it cannot be told.</summary>
    /// <param name="message">What happened, without personal data.</param>
    /// <param name="innerException">What went wrong.</param>
    public CallerNameUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
