using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>
/// Says which instances a process works for. Alone it works for all of them, which is the default; in a cluster each instance
/// has one owner at a time.
/// </summary>
[Experimental("ICEXP001")]
public interface IInstanceOwnership
{
    /// <summary>Keeps the work in step with the instances of this process, until the host stops.</summary>
    /// <param name="work">The work; it is stopped before the method returns.</param>
    /// <param name="stopping">Signalled when the host stops.</param>
    /// <returns>When the work has stopped.</returns>
    Task RunAsync(IInstanceWorker work, CancellationToken stopping);
}

/// <summary>
/// What a process does for the instances that are its own, and what no two processes may do for the same instance: polling.
/// </summary>
/// <remarks>
/// Registered as a service by the package that does the work, which is how a process shows that it can. Called by
/// <see cref="IInstanceOwnership.RunAsync"/> alone, one call after another.
/// </remarks>
[Experimental("ICEXP001")]
public interface IInstanceWorker
{
    /// <summary>From now on this process works for these instances and for no others. Those that stay go on undisturbed.</summary>
    /// <param name="instances">The instances, with those of which there is nothing to do.</param>
    /// <param name="stopping">Signalled when the host stops.</param>
    /// <returns>When the new work has begun, and the rest is told to end.</returns>
    Task SetInstancesAsync(IReadOnlyCollection<CallInstance> instances, CancellationToken stopping);

    /// <summary>Waits for the end of work that was told to end. May be called at any time.</summary>
    /// <param name="idInstance">The instance.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When nothing is done for the instance here any more; at once when nothing was.</returns>
    Task WaitUntilReleasedAsync(long idInstance, CancellationToken cancellationToken);

    /// <summary>Ends all work.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When nothing is done for anybody any more.</returns>
    Task StopAsync(CancellationToken cancellationToken);
}
