namespace IncomingCalls;

/// <summary>A page of calls to be forgotten.</summary>
internal sealed record RetentionPageReference
{
    /// <summary>The number of the page within the bucket.</summary>
    public required long Page { get; init; }

    /// <summary>When its last call was finished, in UTC.</summary>
    public required DateTimeOffset ClosedAt { get; init; }
}
