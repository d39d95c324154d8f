using CallDesk.Live;

namespace CallDesk.Cluster;

/// <summary>Passes changes on to every node. There is one for the whole cluster, with key 0.</summary>
[Alias("CallDesk.IDeskChangesGrain")]
internal interface IDeskChangesGrain : IGrainWithIntegerKey
{
    /// <summary>Passes a change on to all who follow.</summary>
    [Alias("Tell")]
    Task PublishAsync(DeskChange change);

    /// <summary>Follows from now on, for a while: whoever wants to go on following calls again before <see cref="DeskChangeSequence.SubscriptionDuration"/> is over.</summary>
    /// <returns>The number of the last change that was passed on.</returns>
    [Alias("Follow")]
    Task<DeskChangeSequence> SubscribeAsync(IDeskObserver node);
}
