using Orleans.Runtime.Placement;

namespace IncomingCalls;

/// <summary>Does what <see cref="SharePlacement"/> says, with the silos that can take the grain.</summary>
internal sealed class SharePlacementDirector(SiloShare share) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(share.Choose(target.GrainIdentity, context.GetCompatibleSilos(target)));
}
