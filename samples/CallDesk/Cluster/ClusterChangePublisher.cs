using CallDesk.Live;
using CallDesk.Store;

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

/// <summary>Compares what a node heard with what there was to hear. Not for several threads.</summary>
internal sealed class ChangeGapDetector
{
    private DeskChangeSequence? _received;
    private DeskChangeSequence? _announced;
    private bool _hasGap;

    /// <summary>A change arrived.</summary>
    public void RecordReceived(DeskChangeSequence mark)
    {
        _hasGap |= _received is null || mark.Epoch != _received.Epoch || mark.Number > _received.Number + 1;
        if (_received is null || mark.Epoch != _received.Epoch || mark.Number > _received.Number)
        {
            _received = mark;
        }
    }

    /// <summary>A change arrived and was of no use.</summary>
    public void RecordMissed() => _hasGap = true;

    /// <summary>Notes how far the changes are.</summary>
    /// <param name="mark">The last one that was passed on. It may be on its way: it is missing when it is not here the next time.</param>
    /// <returns>Whether something is missing. It is asked for once.</returns>
    public bool DetectGap(DeskChangeSequence mark)
    {
        var isMissing = _hasGap || _received is null || mark.Epoch != _received.Epoch
            || (_announced is { } promised && promised.Epoch == mark.Epoch && _received.Number < promised.Number);
        if (isMissing)
        {
            _received = mark;
        }

        _announced = mark;
        _hasGap = false;
        return isMissing;
    }
}

internal static partial class ClusterLog
{
    [LoggerMessage(1, LogLevel.Warning, "A change could not be read, so the open pages were not shown it. They read everything again in a moment.")]
    public static partial void ChangeNotShown(this ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "This node cannot ask for changes now. It asks again, and what it misses is shown then.")]
    public static partial void ChangesUnreachable(this ILogger logger, Exception exception);
}
