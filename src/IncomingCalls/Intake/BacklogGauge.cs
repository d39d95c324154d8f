using System.Collections.Concurrent;

namespace IncomingCalls;

/// <summary>
/// Tells whether an instance is catching up after an outage: then outcomes are still in the gateway's queue, and an offer
/// without one means nothing.
/// </summary>
internal sealed class BacklogGauge(TimeProvider time)
{
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<long, DateTimeOffset> _lastLate = new();

    public void Note(long idInstance, TimeSpan lag, DateTimeOffset receivedAt)
    {
        if (lag > Late)
        {
            _lastLate[idInstance] = receivedAt;
        }
        else
        {
            // First in, first out: the first punctual notification says that everything late is through.
            _lastLate.TryRemove(idInstance, out _);
        }
    }

    /// <summary>Whether the last notification was a late one, less than a minute ago.</summary>
    public bool IsDraining(long idInstance) =>
        _lastLate.TryGetValue(idInstance, out var last) && time.GetUtcNow() - last < Late;
}
