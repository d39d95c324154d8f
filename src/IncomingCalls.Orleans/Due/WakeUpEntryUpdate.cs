namespace IncomingCalls;

/// <summary>What a call says of its entry in a bucket.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.DueReport")]
internal sealed record WakeUpEntryUpdate
{
    /// <summary>The key of the call.</summary>
    [Id(0)]
    public required string Call { get; init; }

    /// <summary>Which of its entries is meant; 0 when it never had one.</summary>
    [Id(1)]
    public required long Generation { get; init; }

    /// <summary>What the entry says from now on; null when the call has nothing to do any more.</summary>
    [Id(2)]
    public WakeUpEntry? Entry { get; init; }
}
