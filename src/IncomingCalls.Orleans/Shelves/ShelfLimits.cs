namespace IncomingCalls;

/// <summary>How much a shelf holds.</summary>
internal sealed class ShelfLimits
{
    public required int Items { get; init; }

    public long Bytes { get; init; } = long.MaxValue;
}
