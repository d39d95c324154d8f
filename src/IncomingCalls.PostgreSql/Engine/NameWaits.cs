using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>
/// The deliveries that wait for a caller's name which this node looks up. The end of the lookup makes them due; without it, when the node dies for example, they
/// are due at their time. Thread-safe.
/// </summary>
/// <param name="names">The caller names.</param>
/// <param name="signal">Receives the deliveries whose lookup has ended.</param>
/// <param name="stopping">Ends all waits.</param>
internal sealed class NameWaits(InboxCallerNames names, Action<IEnumerable<DueDelivery>, bool> signal, CancellationToken stopping)
{
    private const int MaxWaits = 10_000;

    private int _count;

    public void Add(CallHistory history, DueDelivery[] deliveries)
    {
        if (Interlocked.Increment(ref _count) > MaxWaits)
        {
            Interlocked.Decrement(ref _count);
            return;
        }

        _ = WaitAsync(history, deliveries);
    }

    private async Task WaitAsync(CallHistory history, DueDelivery[] deliveries)
    {
        // A lookup that fails ends without a name, as one that finds none.
        await names.WaitForLookupAsync(history, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref _count);
        if (!stopping.IsCancellationRequested)
        {
            signal(deliveries, true);
        }
    }
}
