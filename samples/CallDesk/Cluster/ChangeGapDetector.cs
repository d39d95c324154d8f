namespace CallDesk.Cluster;

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
