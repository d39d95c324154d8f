using CallDesk.Store;
using Orleans.Concurrency;
using Orleans.Utilities;

namespace CallDesk.Cluster;

/// <summary>Stores its subscribers in memory only: nodes renew their subscription regularly, and recognize a new activation by its epoch.</summary>
[GrainType("call-desk.changes")]
[Reentrant]
internal sealed class DeskChangesGrain(ILogger<DeskChangesGrain> logger) : Grain, IDeskChangesGrain
{
    private readonly ObserverManager<IDeskObserver> _observers = new(DeskChangeSequence.SubscriptionDuration, logger);
    private DeskChangeSequence _sequence = new(Guid.NewGuid(), 0);

    public Task PublishAsync(DeskChange change)
    {
        var sequence = _sequence = _sequence.Next;
        return _observers.Notify(node => node.OnChangedAsync(sequence, change));
    }

    public Task<DeskChangeSequence> SubscribeAsync(IDeskObserver node)
    {
        _observers.Subscribe(node, node);
        return Task.FromResult(_sequence);
    }
}

/// <summary>Publishes changes to every node. The cluster has one such grain, with key 0.</summary>
[Alias("CallDesk.IDeskChangesGrain")]
internal interface IDeskChangesGrain : IGrainWithIntegerKey
{
    /// <summary>Publishes a change to all subscribers.</summary>
    [Alias("Publish")]
    Task PublishAsync(DeskChange change);

    /// <summary>Subscribes a node for <see cref="DeskChangeSequence.SubscriptionDuration"/>. To stay subscribed, the node calls this again before that time has passed.</summary>
    /// <returns>A task whose result is the sequence number of the last published change.</returns>
    [Alias("Subscribe")]
    Task<DeskChangeSequence> SubscribeAsync(IDeskObserver node);
}

/// <summary>A node that receives changes.</summary>
[Alias("CallDesk.IDeskObserver")]
internal interface IDeskObserver : IGrainObserver
{
    /// <summary>Receives a change. The call is one-way and may get lost, which the gap in the sequence numbers reveals.</summary>
    [OneWay]
    [Alias("Changed")]
    Task OnChangedAsync(DeskChangeSequence sequence, DeskChange change);
}

/// <summary>The sequence number of a change, with which a node detects missed changes.</summary>
/// <param name="Epoch">The id of the grain activation. A new activation knows nothing of earlier changes.</param>
/// <param name="Number">The number of published changes in the epoch, from 0.</param>
[GenerateSerializer, Immutable, Alias("CallDesk.DeskChangeSequence")]
internal sealed record DeskChangeSequence([property: Id(0)] Guid Epoch, [property: Id(1)] long Number)
{
    /// <summary>The duration of a subscription.</summary>
    public static readonly TimeSpan SubscriptionDuration = TimeSpan.FromSeconds(20);

    /// <summary>The sequence number of the next change.</summary>
    public DeskChangeSequence Next => this with { Number = Number + 1 };
}
