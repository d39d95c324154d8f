using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>
/// The way to the resolvers of <see cref="ICallerNameResolver.FallbackKey"/>. They ask where questions are rationed for each
/// instance: by default in this process, in a cluster in one place for all.
/// </summary>
[Experimental("ICEXP001")]
public interface IFallbackCallerNameResolver
{
    /// <summary>Asks them.</summary>
    /// <param name="query">Whose name.</param>
    /// <param name="cancellationToken">Signalled when the host stops.</param>
    /// <returns>The name, or null when they have none. An exception is logged and counts as none, but not for long.</returns>
    ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken);
}

/// <summary>A caller's name as it is cached, so that an inbox can keep it over a restart.</summary>
[Experimental("ICEXP001")]
public sealed record CachedCallerName
{
    /// <summary>The instance that was called.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The caller.</summary>
    public required ChatId ChatId { get; init; }

    /// <summary>The name and who told it.</summary>
    public required CallerName Name { get; init; }

    /// <summary>Until when it is good, in UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
