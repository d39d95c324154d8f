using System.Collections.Immutable;

namespace IncomingCalls;

/// <summary>What a bucket writes.</summary>
internal sealed record WakeUpBucketState
{
    /// <summary>The calls with something to do, by key.</summary>
    public ImmutableDictionary<string, WakeUpEntry> Calls { get; init; } = ImmutableDictionary<string, WakeUpEntry>.Empty;

    /// <summary>The pages of finished calls that are to be forgotten, oldest first.</summary>
    public ImmutableList<RetentionPageReference> Pages { get; init; } = [];
}
