using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>A running process of a cluster.</summary>
internal abstract class ClusterProcess(int node, HostProcess process)
{
    public int Node => node;

    public HostProcess Process => process;

    /// <summary>The address of the process while it is running; null before and after.</summary>
    public Uri? Address => !process.HasExited && process.Address is { IsCompletedSuccessfully: true, Result: { } address } ? address : null;
}
