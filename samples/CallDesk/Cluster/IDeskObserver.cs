using CallDesk.Live;
using Orleans.Concurrency;

namespace CallDesk.Cluster;

/// <summary>A node that is told of changes.</summary>
[Alias("CallDesk.IDeskObserver")]
internal interface IDeskObserver : IGrainObserver
{
    /// <summary>Something changed. Nobody waits for this, and it may get lost: the marks show it.</summary>
    [OneWay]
    [Alias("Changed")]
    Task OnChangedAsync(DeskChangeSequence mark, DeskChange change);
}
