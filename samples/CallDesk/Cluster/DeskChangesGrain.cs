using CallDesk.Live;
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
