using IncomingCalls.Shared;

namespace IncomingCalls.Handling;

/// <summary>Limits how many events of one instance are handled at once, so that a busy instance does not starve the others. Thread-safe.</summary>
internal sealed class InstanceSlots(LastKnownGoodOptions<IncomingCallsOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Pool> _pools = [];
    private Pool? _sparePool;

    /// <summary>Acquires a slot without waiting; returns null when none is free.</summary>
    public Slot? TryAcquire(long idInstance)
    {
        var pool = RentPool(idInstance);
        if (pool.Semaphore.Wait(0))
        {
            return new(this, idInstance, pool);
        }

        ReturnPool(idInstance, pool);
        return null;
    }

    /// <summary>Waits for a free slot and acquires it. Disposing the result releases it.</summary>
    public async ValueTask<Slot> AcquireAsync(long idInstance, CancellationToken cancellationToken)
    {
        var pool = RentPool(idInstance);
        try
        {
            await pool.Semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            ReturnPool(idInstance, pool);
            throw;
        }

        return new(this, idInstance, pool);
    }

    private Pool RentPool(long idInstance)
    {
        lock (_gate)
        {
            if (!_pools.TryGetValue(idInstance, out var pool))
            {
                var capacity = options.CurrentValue.MaxConcurrentAttemptsPerInstance;
                // Reuse the pool that was returned last: instances with one call at a time need no new one for each call.
                _pools[idInstance] = pool = _sparePool?.Capacity == capacity ? _sparePool : new(capacity);
                _sparePool = null;
            }

            pool.Users++;
            return pool;
        }
    }

    /// <summary>Removes the pool with its last user, so that removed instances, or invented ones, take no memory.</summary>
    private void ReturnPool(long idInstance, Pool pool)
    {
        lock (_gate)
        {
            if (--pool.Users == 0)
            {
                _pools.Remove(idInstance);
                _sparePool = pool;
            }
        }
    }

    internal readonly struct Slot(InstanceSlots slots, long idInstance, Pool pool) : IDisposable
    {
        public void Dispose()
        {
            pool.Semaphore.Release();
            slots.ReturnPool(idInstance, pool);
        }
    }

    internal sealed class Pool(int capacity)
    {
        public int Capacity => capacity;

        public SemaphoreSlim Semaphore { get; } = new(capacity);

        public int Users { get; set; }
    }
}
