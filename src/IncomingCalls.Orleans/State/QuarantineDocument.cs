using IncomingCalls.Inbox;

namespace IncomingCalls.Orleans.State;

/// <summary>The stored properties of a quarantined notification. Its bytes, which may be large, are stored separately.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.QuarantineDocument")]
internal sealed class QuarantineDocument
{
    /// <summary>The name of a <see cref="QuarantineReason"/>.</summary>
    [Id(0)]
    public required string Reason { get; init; }

    [Id(1)]
    public required string Explanation { get; init; }

    [Id(2)]
    public required int Length { get; init; }

    [Id(3)]
    public required string Sha256 { get; init; }

    [Id(4)]
    public long? IdInstance { get; init; }

    [Id(5)]
    public required DateTimeOffset ReceivedAt { get; init; }
}
