using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace IncomingCalls.Orleans.Cluster;

/// <summary>Places a grain on the silo to whose share it belongs.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.SharePlacement")]
internal sealed class PartitionPlacement : PlacementStrategy;

/// <summary>Marks a grain that is placed by <see cref="PartitionPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());

/// <summary>Does what <see cref="PartitionPlacement"/> says, with the silos that can take the grain.</summary>
internal sealed class PartitionPlacementDirector(GrainPartitioner share) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(share.ChooseSilo(target.GrainIdentity, context.GetCompatibleSilos(target)));
}
