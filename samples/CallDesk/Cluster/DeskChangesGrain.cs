using CallDesk.Live;
using Orleans.Concurrency;
using Orleans.Utilities;

namespace CallDesk.Cluster;

/// <summary>Knows the nodes only as long as it lives: those who follow call again, and learn from the epoch that it is a new one.</summary>
[GrainType("call-desk.changes")]
[Reentrant]
internal sealed class DeskChangesGrain(ILogger<DeskChangesGrain> logger) : Grain, IDeskChangesGrain
{
    private readonly ObserverManager<IDeskObserver> _nodes = new(DeskMark.Lasting, logger);
    private DeskMark _mark = new(Guid.NewGuid(), 0);

    public Task TellAsync(DeskChange change)
    {
        var mark = _mark = _mark.Next;
        return _nodes.Notify(node => node.ChangedAsync(mark, change));
    }

    public Task<DeskMark> FollowAsync(IDeskObserver node)
    {
        _nodes.Subscribe(node, node);
        return Task.FromResult(_mark);
    }
}
