namespace IncomingCalls;

/// <summary>Bounds how many events of one instance are handled at once, so that a busy one leaves room for the others.</summary>
internal sealed class InstanceGates(LastValid<IncomingCallsOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Gate> _gates = [];

    /// <summary>How many instances have something under way.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _gates.Count;
            }
        }
    }

    /// <summary>Waits for a place; disposing the result leaves it.</summary>
    public async ValueTask<Place> EnterAsync(long idInstance, CancellationToken cancellationToken)
    {
        var gate = Join(idInstance);
        try
        {
            await gate.Places.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Leave(idInstance, gate);
            throw;
        }

        return new(this, idInstance, gate);
    }

    private Gate Join(long idInstance)
    {
        lock (_gate)
        {
            if (!_gates.TryGetValue(idInstance, out var gate))
            {
                _gates[idInstance] = gate = new(options.CurrentValue.ConcurrencyPerInstance);
            }

            gate.Users++;
            return gate;
        }
    }

    /// <summary>The last one out takes the gate along, so that instances which are gone, or made up, cost nothing.</summary>
    private void Leave(long idInstance, Gate gate)
    {
        lock (_gate)
        {
            if (--gate.Users == 0)
            {
                _gates.Remove(idInstance);
            }
        }
    }

    internal readonly struct Place(InstanceGates gates, long idInstance, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Places.Release();
            gates.Leave(idInstance, gate);
        }
    }

    internal sealed class Gate(int places)
    {
        public SemaphoreSlim Places { get; } = new(places);

        public int Users { get; set; }
    }
}
