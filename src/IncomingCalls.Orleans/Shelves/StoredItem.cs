
namespace IncomingCalls;

/// <summary>An item of a shelf, on the wire.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.ShelfItem")]
internal sealed class StoredItem
{
    [Id(0)]
    public required long Id { get; init; }

    [Id(1)]
    public required byte[] Document { get; init; }

    [Id(2)]
    public bool IsReplayRequested { get; init; }
}
