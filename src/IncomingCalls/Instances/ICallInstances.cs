using Microsoft.Extensions.Primitives;

namespace IncomingCalls;

/// <summary>The instances of all sources, kept up to date: what transports and name look-ups read. A singleton, safe from any thread.</summary>
public interface ICallInstances
{
    /// <summary>Whether anybody listed instances. When nobody did, notifications of every instance are accepted.</summary>
    bool AreListed { get; }

    /// <summary>The instances as last read.</summary>
    IReadOnlyCollection<CallInstance> Current { get; }

    /// <summary>One instance as last read.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <returns>The instance, or null.</returns>
    CallInstance? Find(long idInstance);

    /// <summary>One instance; the sources are asked when it is not among those read last.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>The instance, or null when no source knows it.</returns>
    ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken);

    /// <summary>A token that is signalled when <see cref="Current"/> has changed.</summary>
    /// <returns>The token.</returns>
    IChangeToken Watch();
}
