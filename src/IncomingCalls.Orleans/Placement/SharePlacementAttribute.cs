using Orleans.Placement;

namespace IncomingCalls;

/// <summary>Marks a grain that is placed by <see cref="SharePlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SharePlacementAttribute() : PlacementAttribute(new SharePlacement());
