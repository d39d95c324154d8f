using CallDesk.Store;
using Orleans.Concurrency;
using Orleans.Utilities;

namespace CallDesk.Cluster;

/// <summary>Knows the nodes only as long as it lives: those who follow call again, and learn from the epoch that it is a new one.</summary>
[GrainType("call-desk.changes")]
[Reentrant]
internal sealed class DeskChangesGrain(ILogger<DeskChangesGrain> logger) : Grain, IDeskChangesGrain
{
    private readonly ObserverManager<IDeskObserver> _observers = new(DeskChangeSequence.SubscriptionDuration, logger);
    private DeskChangeSequence _sequence = new(Guid.NewGuid(), 0);

    public Task PublishAsync(DeskChange change)
    {
        var mark = _sequence = _sequence.Next;
        return _observers.Notify(node => node.OnChangedAsync(mark, change));
    }

    public Task<DeskChangeSequence> SubscribeAsync(IDeskObserver node)
    {
        _observers.Subscribe(node, node);
        return Task.FromResult(_sequence);
    }
}

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

/// <summary>A node that is told of changes.</summary>
[Alias("CallDesk.IDeskObserver")]
internal interface IDeskObserver : IGrainObserver
{
    /// <summary>Something changed. Nobody waits for this, and it may get lost: the marks show it.</summary>
    [OneWay]
    [Alias("Changed")]
    Task OnChangedAsync(DeskChangeSequence mark, DeskChange change);
}

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
