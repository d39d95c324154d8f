using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Callers;
using IncomingCalls.Calls;

namespace IncomingCalls.Inbox;

/// <summary>The caller names as far as an inbox takes part in them: a durable inbox stores them, and a cluster resolves them in one place per instance.</summary>
/// <remarks>Thread-safe.</remarks>
[Experimental("ICEXP001")]
public sealed class InboxCallerNames
{
    private readonly CallerNameService _names;
    private readonly LocalFallbackCallerNameResolver _fallback;

    internal InboxCallerNames(CallerNameService names, LocalFallbackCallerNameResolver fallback) => (_names, _fallback) = (names, fallback);

    /// <summary>Raised when a caller's name was found. A durable inbox stores it, and restores it with <see cref="Restore"/> after a restart.</summary>
    public event Action<CachedCallerName> NameFound
    {
        add => _names.NameFound += value;
        remove => _names.NameFound -= value;
    }

    /// <summary>
    /// Raised when the phone number of a caller with a linked id was looked up, with or without a number. A durable inbox stores the result, and restores
    /// it with <see cref="RestoreNumber"/> after a restart.
    /// </summary>
    public event Action<CachedCallerNumber> NumberFound
    {
        add => _names.NumberFound += value;
        remove => _names.NumberFound -= value;
    }

    /// <summary>Adds a stored name to the cache. To be called when the inbox opens.</summary>
    /// <param name="name">The name; ignored if it has expired.</param>
    public void Restore(CachedCallerName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _names.Restore(name);
    }

    /// <summary>Adds a stored result of the lookup of a phone number to the cache. To be called when the inbox opens.</summary>
    /// <param name="number">The result; ignored if it has expired.</param>
    public void RestoreNumber(CachedCallerNumber number)
    {
        ArgumentNullException.ThrowIfNull(number);
        _names.RestoreNumber(number);
    }

    /// <summary>Waits until the lookup of a caller's name has ended; starts the lookup if it is not pending.</summary>
    /// <param name="history">The history of the call.</param>
    /// <param name="cancellationToken">Ends the wait; the lookup continues.</param>
    /// <returns>A task that completes when the lookup has ended, with or without a name.</returns>
    public async Task WaitForLookupAsync(CallHistory history, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(history);
        var caller = CallProjection.Project(history).Caller;
        await _names.ResolveAsync(history.Key.IdInstance, caller, isRinging: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Resolves a caller's name with the resolvers of this process that are registered with <see cref="ICallerNameResolver.FallbackKey"/>, on
    /// behalf of the process that owns the instance.
    /// </summary>
    /// <param name="query">The caller whose name is resolved.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result is the name; null when no resolver has one.</returns>
    public ValueTask<CallerName?> ResolveFallbackAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _fallback.ResolveAsync(query, cancellationToken);
    }

    /// <summary>
    /// Resolves a caller's phone number with the resolvers of this process, on behalf of the process that owns the instance.
    /// </summary>
    /// <param name="query">The caller whose number is resolved.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result is the number, or that there is none; null when no resolver can look it up.</returns>
    public ValueTask<CallerNumber?> ResolveFallbackNumberAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _fallback.ResolveNumberAsync(query, cancellationToken);
    }
}
