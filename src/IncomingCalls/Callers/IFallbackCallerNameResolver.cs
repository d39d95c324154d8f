using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>
/// Calls the resolvers of <see cref="ICallerNameResolver.FallbackKey"/> in the place where the requests of each instance are
/// rate-limited: by default in this process, in a cluster in one place for all processes.
/// </summary>
[Experimental("ICEXP001")]
public interface IFallbackCallerNameResolver
{
    /// <summary>Looks up the name of a caller.</summary>
    /// <param name="query">The caller.</param>
    /// <param name="cancellationToken">The token that is cancelled when the host stops.</param>
    /// <returns>A task whose result is the name, or null if the resolvers find none. An exception is logged and is not cached.</returns>
    ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken);

    /// <summary>Looks up the phone number of a caller with a linked id.</summary>
    /// <param name="query">The caller.</param>
    /// <param name="cancellationToken">The token that is cancelled when the host stops.</param>
    /// <returns>A task whose result is that of the first <see cref="ICallerNumberResolver"/> that has one; null if none has. An exception is logged and is not cached.</returns>
    ValueTask<CallerNumber?> ResolveNumberAsync(CallerNameQuery query, CancellationToken cancellationToken);
}

/// <summary>A cached caller name, which an inbox can store so that it survives a restart.</summary>
[Experimental("ICEXP001")]
public sealed record CachedCallerName
{
    /// <summary>The number of the instance that was called.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The chat id of the caller.</summary>
    public required ChatId ChatId { get; init; }

    /// <summary>The name with its source. Its text may be empty if a resolver has found a phone number alone.</summary>
    public required CallerName Name { get; init; }

    /// <summary>When the name expires, in UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
