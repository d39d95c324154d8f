using CallDesk.Live;

namespace CallDesk.Cluster;

/// <summary>
/// Tells the other nodes, and hears from them. What does not arrive is noticed within two periods, and then the pages of this node read
/// everything again.
/// </summary>
internal sealed class ClusterChanges(IGrainFactory grains, DeskView view, TimeProvider time, ILogger<ClusterChanges> logger)
    : BackgroundService, IDeskChanges, IDeskObserver
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private IDeskChangesGrain Grain => grains.GetGrain<IDeskChangesGrain>(0);

    private readonly Lock _gate = new();
    private readonly DeskGaps _gaps = new();

    public Task TellAsync(DeskChange change) => Grain.TellAsync(change);

    public async Task ChangedAsync(DeskMark mark, DeskChange change)
    {
        lock (_gate)
        {
            _gaps.Heard(mark);
        }

        try
        {
            await view.ShowAsync(change);
        }
        catch (Exception e)
        {
            logger.ChangeNotShown(e);
            lock (_gate)
            {
                _gaps.Missed();
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The runtime holds it weakly; we are a singleton.
        var self = grains.CreateObjectReference<IDeskObserver>(this);
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                Look(await Grain.FollowAsync(self).WaitAsync(stoppingToken));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.ChangesUnreachable(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Look(DeskMark mark)
    {
        lock (_gate)
        {
            if (!_gaps.CloseAt(mark))
            {
                return;
            }
        }

        view.ShowEverything();
    }
}
