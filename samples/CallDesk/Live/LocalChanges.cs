namespace CallDesk.Live;

/// <summary>All open pages are here.</summary>
internal sealed class LocalChanges(DeskView view) : IDeskChanges
{
    public Task TellAsync(DeskChange change) => view.ShowAsync(change);
}
