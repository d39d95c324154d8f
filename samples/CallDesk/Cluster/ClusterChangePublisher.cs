using CallDesk.Live;

namespace CallDesk.Cluster;

/// <summary>
/// Tells the other nodes, and hears from them. What does not arrive is noticed within two periods, and then the pages of this node read
/// everything again.
/// </summary>
internal sealed class ClusterChangePublisher(IGrainFactory grains, DeskRowPublisher view, TimeProvider time, ILogger<ClusterChangePublisher> logger)
    : BackgroundService, IDeskChangePublisher, IDeskObserver
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    private IDeskChangesGrain Grain => grains.GetGrain<IDeskChangesGrain>(0);

    private readonly Lock _gate = new();
    private readonly ChangeGapDetector _gapDetector = new();

    public Task PublishAsync(DeskChange change) => Grain.PublishAsync(change);

    public async Task OnChangedAsync(DeskChangeSequence mark, DeskChange change)
    {
        lock (_gate)
        {
            _gapDetector.RecordReceived(mark);
        }

        try
        {
            await view.PublishAsync(change);
        }
        catch (Exception e)
        {
            logger.ChangeNotShown(e);
            lock (_gate)
            {
                _gapDetector.RecordMissed();
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The runtime holds it weakly; we are a singleton.
        var self = grains.CreateObjectReference<IDeskObserver>(this);
        using var timer = new PeriodicTimer(PollInterval, time);
        do
        {
            try
            {
                CheckForGap(await Grain.SubscribeAsync(self).WaitAsync(stoppingToken));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.ChangesUnreachable(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void CheckForGap(DeskChangeSequence mark)
    {
        lock (_gate)
        {
            if (!_gapDetector.DetectGap(mark))
            {
                return;
            }
        }

        view.RequestReload();
    }
}
