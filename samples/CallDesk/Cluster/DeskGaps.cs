namespace CallDesk.Cluster;

/// <summary>Compares what a node heard with what there was to hear. Not for several threads.</summary>
internal sealed class DeskGaps
{
    private DeskMark? _heard;
    private DeskMark? _promised;
    private bool _isMissing;

    /// <summary>A change arrived.</summary>
    public void Heard(DeskMark mark)
    {
        _isMissing |= _heard is null || mark.Epoch != _heard.Epoch || mark.Number > _heard.Number + 1;
        if (_heard is null || mark.Epoch != _heard.Epoch || mark.Number > _heard.Number)
        {
            _heard = mark;
        }
    }

    /// <summary>A change arrived and was of no use.</summary>
    public void Missed() => _isMissing = true;

    /// <summary>Notes how far the changes are.</summary>
    /// <param name="mark">The last one that was passed on. It may be on its way: it is missing when it is not here the next time.</param>
    /// <returns>Whether something is missing. It is asked for once.</returns>
    public bool CloseAt(DeskMark mark)
    {
        var isMissing = _isMissing || _heard is null || mark.Epoch != _heard.Epoch
            || (_promised is { } promised && promised.Epoch == mark.Epoch && _heard.Number < promised.Number);
        if (isMissing)
        {
            _heard = mark;
        }

        _promised = mark;
        _isMissing = false;
        return isMissing;
    }
}
