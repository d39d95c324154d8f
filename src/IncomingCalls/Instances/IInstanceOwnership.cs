using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>
/// Determines which instances a process owns. By default, a single process owns all of them; in a cluster, each instance has one
/// owner at a time.
/// </summary>
[Experimental("ICEXP001")]
public interface IInstanceOwnership
{
    /// <summary>Passes the instances that this process owns to a worker after each change, until the host stops.</summary>
    /// <param name="worker">The worker. It is stopped before the method returns.</param>
    /// <param name="stopping">The token that is cancelled when the host stops.</param>
    /// <returns>A task that completes when the worker has stopped.</returns>
    Task RunAsync(IInstanceWorker worker, CancellationToken stopping);
}

/// <summary>
/// Work that a process does for the instances that it owns, and that no two processes may do for the same instance: polling, and reading the call journal.
/// </summary>
/// <remarks>
/// The package that does the work registers the service; its registration shows that the process is able to do the work. Only
/// <see cref="IInstanceOwnership.RunAsync"/> calls it, one call after another.
/// </remarks>
[Experimental("ICEXP001")]
public interface IInstanceWorker
{
    /// <summary>Returns whether the worker has work for an instance, so that a process has to own it. By default, this is so for instances that are polled.</summary>
    /// <param name="instance">The instance.</param>
    /// <returns>true if there is work; otherwise, false.</returns>
    bool HasWork(CallInstance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return instance.Receive == ReceiveMode.Polling;
    }

    /// <summary>Sets the instances that this process owns. The work for instances that it already owned is not interrupted.</summary>
    /// <param name="instances">All owned instances, including those that need no work.</param>
    /// <param name="stopping">The token that is cancelled when the host stops.</param>
    /// <returns>A task that completes when the work for new instances has started and the work for all others was asked to stop.</returns>
    Task SetInstancesAsync(IReadOnlyCollection<CallInstance> instances, CancellationToken stopping);

    /// <summary>Waits until the work for an instance, after it was asked to stop, has stopped. Can be called at any time.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>A task that completes when this process no longer works for the instance; it is completed if there was no such work.</returns>
    Task WaitUntilReleasedAsync(long idInstance, CancellationToken cancellationToken);

    /// <summary>Stops the work for all instances.</summary>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>A task that completes when all work has stopped.</returns>
    Task StopAsync(CancellationToken cancellationToken);
}
