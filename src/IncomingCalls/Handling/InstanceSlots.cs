using IncomingCalls.Shared;

namespace IncomingCalls.Handling;

/// <summary>Bounds how many events of one instance are handled at once, so that a busy one leaves room for the others.</summary>
internal sealed class InstanceSlots(LastKnownGoodOptions<IncomingCallsOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Pool> _pools = [];
    private Pool? _sparePool;

    /// <summary>A place, when one is free; else null, and <see cref="AcquireAsync"/> waits for one.</summary>
    public Slot? TryAcquire(long idInstance)
    {
        var gate = RentPool(idInstance);
        if (gate.Semaphore.Wait(0))
        {
            return new(this, idInstance, gate);
        }

        ReturnPool(idInstance, gate);
        return null;
    }

    /// <summary>Waits for a place; disposing the result leaves it.</summary>
    public async ValueTask<Slot> AcquireAsync(long idInstance, CancellationToken cancellationToken)
    {
        var gate = RentPool(idInstance);
        try
        {
            await gate.Semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            ReturnPool(idInstance, gate);
            throw;
        }

        return new(this, idInstance, gate);
    }

    private Pool RentPool(long idInstance)
    {
        lock (_gate)
        {
            if (!_pools.TryGetValue(idInstance, out var gate))
            {
                var places = options.CurrentValue.MaxConcurrentAttemptsPerInstance;
                // Instances with one call at a time take turns with the same gate.
                _pools[idInstance] = gate = _sparePool?.Capacity == places ? _sparePool : new(places);
                _sparePool = null;
            }

            gate.Users++;
            return gate;
        }
    }

    /// <summary>The last one out takes the gate along, so that instances which are gone, or made up, cost nothing.</summary>
    private void ReturnPool(long idInstance, Pool gate)
    {
        lock (_gate)
        {
            if (--gate.Users == 0)
            {
                _pools.Remove(idInstance);
                _sparePool = gate;
            }
        }
    }

    internal readonly struct Slot(InstanceSlots gates, long idInstance, Pool gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Semaphore.Release();
            gates.ReturnPool(idInstance, gate);
        }
    }

    internal sealed class Pool(int places)
    {
        public int Capacity => places;

        public SemaphoreSlim Semaphore { get; } = new(places);

        public int Users { get; set; }
    }
}
