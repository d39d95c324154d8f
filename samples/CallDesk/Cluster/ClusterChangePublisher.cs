using CallDesk.Live;
using CallDesk.Store;

namespace CallDesk.Cluster;

/// <summary>
/// Publishes changes to all nodes and receives theirs. A lost change is detected within two polling intervals; then the pages of this node
/// reload all rows.
/// </summary>
internal sealed class ClusterChangePublisher(IGrainFactory grains, DeskRowPublisher publisher, TimeProvider time, ILogger<ClusterChangePublisher> logger)
    : BackgroundService, IDeskChangePublisher, IDeskObserver
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    private IDeskChangesGrain Grain => grains.GetGrain<IDeskChangesGrain>(0);

    private readonly Lock _gate = new();
    private readonly ChangeGapDetector _gapDetector = new();

    public Task PublishAsync(DeskChange change) => Grain.PublishAsync(change);

    public async Task OnChangedAsync(DeskChangeSequence sequence, DeskChange change)
    {
        lock (_gate)
        {
            _gapDetector.RecordReceived(sequence);
        }

        try
        {
            await publisher.PublishAsync(change);
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
        // The runtime holds only a weak reference to the observer, which is enough because this object is a singleton.
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

    private void CheckForGap(DeskChangeSequence sequence)
    {
        lock (_gate)
        {
            if (!_gapDetector.DetectGap(sequence))
            {
                return;
            }
        }

        publisher.RequestReload();
    }
}

/// <summary>Compares the changes that a node received with those that were published. Not thread-safe.</summary>
internal sealed class ChangeGapDetector
{
    private DeskChangeSequence? _received;
    private DeskChangeSequence? _announced;
    private bool _hasGap;

    /// <summary>Records that a change was received.</summary>
    public void RecordReceived(DeskChangeSequence sequence)
    {
        _hasGap |= _received is null || sequence.Epoch != _received.Epoch || sequence.Number > _received.Number + 1;
        if (_received is null || sequence.Epoch != _received.Epoch || sequence.Number > _received.Number)
        {
            _received = sequence;
        }
    }

    /// <summary>Records that a change was received but could not be shown.</summary>
    public void RecordMissed() => _hasGap = true;

    /// <summary>Checks whether a change is missing, and resets the state so that the same gap is reported once.</summary>
    /// <param name="sequence">The sequence number of the last published change. That change may be in transit, so it counts as missing only at the next check.</param>
    /// <returns>Whether a change is missing.</returns>
    public bool DetectGap(DeskChangeSequence sequence)
    {
        var isMissing = _hasGap || _received is null || sequence.Epoch != _received.Epoch
            || (_announced is { } announced && announced.Epoch == sequence.Epoch && _received.Number < announced.Number);
        if (isMissing)
        {
            _received = sequence;
        }

        _announced = sequence;
        _hasGap = false;
        return isMissing;
    }
}

internal static partial class ClusterLog
{
    [LoggerMessage(1, LogLevel.Warning, "A changed row could not be read, so the open pages do not show it yet; they reload all rows within seconds.")]
    public static partial void ChangeNotShown(this ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "This node cannot subscribe to changes of other nodes at the moment; it tries again every two seconds, and missed changes are shown then.")]
    public static partial void ChangesUnreachable(this ILogger logger, Exception exception);
}
