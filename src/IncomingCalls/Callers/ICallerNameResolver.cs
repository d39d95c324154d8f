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
