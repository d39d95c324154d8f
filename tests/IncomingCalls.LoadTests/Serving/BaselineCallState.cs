using Orleans;

namespace IncomingCalls.LoadTests;

/// <summary>What <see cref="BaselineCallGrain"/> keeps.</summary>
[GenerateSerializer]
internal sealed record BaselineCallState
{
    [Id(0)]
    public string? From { get; set; }

    [Id(1)]
    public List<string> Statuses { get; set; } = [];

    [Id(2)]
    public long Timestamp { get; set; }

    [Id(3)]
    public int HandledCount { get; set; }
}
