using Orleans.Runtime.Placement;

namespace IncomingCalls;

/// <summary>Does what <see cref="PartitionPlacement"/> says, with the silos that can take the grain.</summary>
internal sealed class PartitionPlacementDirector(GrainPartitioner share) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(share.ChooseSilo(target.GrainIdentity, context.GetCompatibleSilos(target)));
}
