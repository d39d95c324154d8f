namespace IncomingCalls;

/// <summary>
/// Tells whether an instance is catching up after an outage: then outcomes are still in the gateway's queue, and an offer
/// without one means nothing.
/// </summary>
internal sealed class BacklogGauge(TimeProvider time)
{
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    /// <summary>More than one process polls; the bound is for a sender who makes instances up.</summary>
    private const int MaxInstances = 10_000;

    private readonly ExpiringMemory<long, bool> _late = new(time, () => MaxInstances);

    public void Note(long idInstance, TimeSpan lag)
    {
        if (lag > Late)
        {
            _late.Set(idInstance, true, Late);
        }
        else
        {
            // First in, first out: the first punctual notification says that everything late is through.
            _late.Forget(idInstance);
        }
    }

    /// <summary>Whether the last notification was a late one, less than a minute ago.</summary>
    public bool IsDraining(long idInstance) => _late.TryGet(idInstance, out _);
}
