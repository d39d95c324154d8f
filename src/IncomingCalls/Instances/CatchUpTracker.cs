using IncomingCalls.Infrastructure;

namespace IncomingCalls.Instances;

/// <summary>
/// Tracks which instances are catching up after an outage. While an instance is catching up, outcomes are still in the gateway's
/// queue, so an offer without an outcome proves nothing.
/// </summary>
internal sealed class CatchUpTracker(TimeProvider time)
{
    private static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(1);

    /// <summary>More instances than one process serves. The limit protects against senders that make up instance numbers.</summary>
    private const int MaxInstances = 10_000;

    private readonly ExpiringCache<long, bool> _lateUntil = new(time, () => MaxInstances);

    public void RecordLag(long idInstance, TimeSpan lag)
    {
        if (lag > LateAfter)
        {
            _lateUntil.Set(idInstance, true, LateAfter);
        }
        else
        {
            // The gateway's queue is first in, first out: the first punctual notification follows the last late one.
            _lateUntil.Evict(idInstance);
        }
    }

    /// <summary>Gets whether the last notification of the instance was late and was received less than a minute ago.</summary>
    public bool IsCatchingUp(long idInstance) => _lateUntil.TryGet(idInstance, out _);
}
