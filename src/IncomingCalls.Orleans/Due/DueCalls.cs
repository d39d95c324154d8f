using System.Collections.Immutable;

namespace IncomingCalls;

/// <summary>What a bucket writes.</summary>
internal sealed record DueCalls
{
    /// <summary>The calls with something to do, by key.</summary>
    public ImmutableDictionary<string, DueCall> Calls { get; init; } = ImmutableDictionary<string, DueCall>.Empty;

    /// <summary>The pages of finished calls that are to be forgotten, oldest first.</summary>
    public ImmutableList<ForgettingMark> Pages { get; init; } = [];
}
