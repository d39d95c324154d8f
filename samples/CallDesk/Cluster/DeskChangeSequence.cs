namespace CallDesk.Cluster;

/// <summary>How many changes were passed on, so that a node notices what it missed.</summary>
/// <param name="Epoch">A new one whenever the grain comes to life somewhere else, where it knows nothing of what was before.</param>
/// <param name="Number">Counts up from 0.</param>
[GenerateSerializer, Immutable, Alias("CallDesk.DeskMark")]
internal sealed record DeskChangeSequence([property: Id(0)] Guid Epoch, [property: Id(1)] long Number)
{
    /// <summary>How long a node is told of changes after it has asked for them.</summary>
    public static readonly TimeSpan SubscriptionDuration = TimeSpan.FromSeconds(20);

    /// <summary>The mark of the next change.</summary>
    public DeskChangeSequence Next => this with { Number = Number + 1 };
}
