using IncomingCalls.Shared;

namespace IncomingCalls.Inbox.Dispatch;

/// <summary>
/// Limits how many attempts of one handler run at once for one destination, or for one instance if there is no destination, so that neither a busy one nor a slow
/// handler delays the others. Thread-safe.
/// </summary>
internal sealed class HandlerSlots(LastKnownGoodOptions<IncomingCallsOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LaneGroup, Pool> _pools = [];

    /// <summary>Acquires a slot, after waiting for it if none is free. Disposing the result releases it.</summary>
    /// <param name="group">The handler, and the destination or instance.</param>
    /// <param name="cancellationToken">Ends the wait. A free slot is acquired even if the token is signalled.</param>
    public async ValueTask<Slot> AcquireAsync(LaneGroup group, CancellationToken cancellationToken)
    {
        var pool = RentPool(group);
        try
        {
            if (!pool.Semaphore.Wait(0, CancellationToken.None))
            {
                await pool.Semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            ReturnPool(group, pool);
            throw;
        }

        return new(this, group, pool);
    }

    private Pool RentPool(LaneGroup group)
    {
        lock (_gate)
        {
            if (!_pools.TryGetValue(group, out var pool))
            {
                _pools[group] = pool = new(options.CurrentValue.MaxConcurrentAttemptsPerInstance);
            }

            pool.Users++;
            return pool;
        }
    }

    /// <summary>Removes the pool with its last user, so that removed and unknown instances take no memory. A changed limit applies to the next pool.</summary>
    private void ReturnPool(LaneGroup group, Pool pool)
    {
        lock (_gate)
        {
            if (--pool.Users == 0)
            {
                _pools.Remove(group);
            }
        }
    }

    internal readonly struct Slot(HandlerSlots slots, LaneGroup group, Pool pool) : IDisposable
    {
        public void Dispose()
        {
            pool.Semaphore.Release();
            slots.ReturnPool(group, pool);
        }
    }

    internal sealed class Pool(int capacity)
    {
        public SemaphoreSlim Semaphore { get; } = new(capacity);

        public int Users { get; set; }
    }
}
