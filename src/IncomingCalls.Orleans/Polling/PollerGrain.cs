using IncomingCalls.Orleans.Cluster;
using Orleans.Placement;

namespace IncomingCalls.Orleans.Polling;

/// <summary>
/// Owns the polling of an instance. Orleans ensures a single activation; the silo of the activation polls, and the deactivation waits until its
/// poller has stopped.
/// </summary>
[PartitionPlacement]
[Immovable]
[GrainType(Type)]
internal sealed class PollerGrain(ClusterInstanceOwnership ownership, GrainPartitioner partitioner) : Grain, IPollerGrain
{
    public const string Type = "incoming-calls.poller";

    private long IdInstance => this.GetPrimaryKeyLong();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        ownership.Acquire(IdInstance, () => partitioner.IsLocal(this.GetGrainId()));
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => ownership.ReleaseAsync(IdInstance).WaitAsync(cancellationToken);

    public Task CheckPlacementAsync()
    {
        if (!ownership.ShouldPoll(IdInstance))
        {
            DeactivateOnIdle();
        }
        else if (!partitioner.IsLocal(this.GetGrainId()))
        {
            // A deactivated grain would be activated here again, because other silos have cached this address and continue to send requests to it.
            this.MigrateOnIdle();
        }

        return Task.CompletedTask;
    }
}

/// <summary>The grain of a polled instance: the silo of its activation polls. The key is the <c>idInstance</c>.</summary>
[Alias("IncomingCalls.IPollerGrain")]
internal interface IPollerGrain : IGrainWithIntegerKey
{
    /// <summary>Activates the grain, which checks its placement and deactivates or migrates when it is wrong.</summary>
    [Alias("Look")]
    Task CheckPlacementAsync();
}
