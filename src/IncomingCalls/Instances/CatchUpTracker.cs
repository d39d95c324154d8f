using IncomingCalls.Infrastructure;

namespace IncomingCalls.Instances;

/// <summary>
/// Tells whether an instance is catching up after an outage: then outcomes are still in the gateway's queue, and an offer
/// without one means nothing.
/// </summary>
internal sealed class CatchUpTracker(TimeProvider time)
{
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    /// <summary>More than one process polls; the bound is for a sender who makes instances up.</summary>
    private const int MaxInstances = 10_000;

    private readonly ExpiringCache<long, bool> _lateUntil = new(time, () => MaxInstances);

    public void RecordLag(long idInstance, TimeSpan lag)
    {
        if (lag > Late)
        {
            _lateUntil.Set(idInstance, true, Late);
        }
        else
        {
            // First in, first out: the first punctual notification says that everything late is through.
            _lateUntil.Evict(idInstance);
        }
    }

    /// <summary>Whether the last notification was a late one, less than a minute ago.</summary>
    public bool IsCatchingUp(long idInstance) => _lateUntil.TryGet(idInstance, out _);
}
