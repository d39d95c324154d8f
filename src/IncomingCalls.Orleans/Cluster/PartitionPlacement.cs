using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace IncomingCalls.Orleans.Cluster;

/// <summary>Places a grain on the silo that <see cref="GrainPartitioner"/> assigns it to.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.SharePlacement")]
internal sealed class PartitionPlacement : PlacementStrategy;

/// <summary>Marks a grain that is placed by <see cref="PartitionPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());

/// <summary>Implements <see cref="PartitionPlacement"/> with the silos that can host the grain.</summary>
internal sealed class PartitionPlacementDirector(GrainPartitioner partitioner) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(partitioner.ChooseSilo(target.GrainIdentity, context.GetCompatibleSilos(target)));
}
