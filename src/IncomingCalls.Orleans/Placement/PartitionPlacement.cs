
namespace IncomingCalls;

/// <summary>Places a grain on the silo to whose share it belongs.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.SharePlacement")]
internal sealed class PartitionPlacement : PlacementStrategy;
