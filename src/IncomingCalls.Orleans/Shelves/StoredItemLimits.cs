namespace IncomingCalls;

/// <summary>How much a shelf holds.</summary>
internal sealed class StoredItemLimits
{
    public required int Items { get; init; }

    public long Bytes { get; init; } = long.MaxValue;
}
