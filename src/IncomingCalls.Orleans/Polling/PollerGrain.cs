using IncomingCalls.Orleans.Cluster;
using Orleans.Placement;

namespace IncomingCalls.Orleans.Polling;

/// <summary>
/// Owns the polling of an instance. Orleans sees to it that there is one; this silo polls while the grain is here, and the grain goes only when
/// the poller is gone.
/// </summary>
[PartitionPlacement]
[Immovable]
[GrainType(Type)]
internal sealed class PollerGrain(ClusterInstanceOwnership assignment, GrainPartitioner share) : Grain, IPollerGrain
{
    public const string Type = "incoming-calls.poller";

    private long IdInstance => this.GetPrimaryKeyLong();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        assignment.Acquire(IdInstance, () => share.IsLocal(this.GetGrainId()));
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => assignment.ReleaseAsync(IdInstance).WaitAsync(cancellationToken);

    public Task CheckPlacementAsync()
    {
        if (!assignment.ShouldPoll(IdInstance))
        {
            DeactivateOnIdle();
        }
        else if (!share.IsLocal(this.GetGrainId()))
        {
            // Merely deactivated, it would come back here: who knows it in this place goes on sending messages to it.
            this.MigrateOnIdle();
        }

        return Task.CompletedTask;
    }
}

/// <summary>An instance: where the grain is, its notifications are polled. The key is the number of the instance.</summary>
[Alias("IncomingCalls.IPollerGrain")]
internal interface IPollerGrain : IGrainWithIntegerKey
{
    /// <summary>Brings the grain into memory, and lets it look whether it is in the right place. If it is not, it goes.</summary>
    [Alias("Look")]
    Task CheckPlacementAsync();
}
