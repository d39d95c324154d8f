using Orleans.Placement;

namespace IncomingCalls;

/// <summary>Marks a grain that is placed by <see cref="PartitionPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());
