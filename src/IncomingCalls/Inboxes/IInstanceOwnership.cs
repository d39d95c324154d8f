using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inboxes;

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
