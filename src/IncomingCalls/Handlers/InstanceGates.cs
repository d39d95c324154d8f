namespace IncomingCalls;

/// <summary>Bounds how many events of one instance are handled at once, so that a busy one leaves room for the others.</summary>
internal sealed class InstanceGates(LastValid<IncomingCallsOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Gate> _gates = [];
    private Gate? _spare;

    /// <summary>A place, when one is free; else null, and <see cref="EnterAsync"/> waits for one.</summary>
    public Place? TryEnter(long idInstance)
    {
        var gate = Join(idInstance);
        if (gate.Places.Wait(0))
        {
            return new(this, idInstance, gate);
        }

        Leave(idInstance, gate);
        return null;
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
                var places = options.CurrentValue.ConcurrencyPerInstance;
                // Instances with one call at a time take turns with the same gate.
                _gates[idInstance] = gate = _spare?.Bound == places ? _spare : new(places);
                _spare = null;
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
                _spare = gate;
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
        public int Bound => places;

        public SemaphoreSlim Places { get; } = new(places);

        public int Users { get; set; }
    }
}
