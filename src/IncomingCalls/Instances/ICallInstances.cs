using Microsoft.Extensions.Primitives;

namespace IncomingCalls;

/// <summary>Provides the current instances of all sources to transports and to the lookup of caller names. A singleton; thread-safe.</summary>
public interface ICallInstances
{
    /// <summary>Whether a source is complete (<see cref="IInstanceSource.IsComplete"/>). If none is, notifications of every instance are accepted.</summary>
    bool AreListed { get; }

    /// <summary>The instances as last read from the sources.</summary>
    IReadOnlyCollection<CallInstance> Current { get; }

    /// <summary>Finds an instance among <see cref="Current"/>.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <returns>The instance, or null if it is not among them.</returns>
    CallInstance? Find(long idInstance);

    /// <summary>Finds an instance among <see cref="Current"/>, or else with <see cref="IInstanceSource.FindAsync"/> of the sources.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result is the instance, or null if no source knows it.</returns>
    ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken);

    /// <summary>Gets a change token for <see cref="Current"/>.</summary>
    /// <returns>A token that is signalled once, when <see cref="Current"/> has changed.</returns>
    IChangeToken Watch();
}
