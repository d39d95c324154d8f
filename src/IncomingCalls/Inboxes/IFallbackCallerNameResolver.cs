using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inboxes;

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
