namespace CallDesk.Live;

/// <summary>All open pages are here.</summary>
internal sealed class LocalChangePublisher(DeskRowPublisher view) : IDeskChangePublisher
{
    public Task PublishAsync(DeskChange change) => view.PublishAsync(change);
}
