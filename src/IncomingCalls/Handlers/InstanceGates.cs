using System.Collections.Concurrent;

namespace IncomingCalls;

/// <summary>Bounds how many events of one instance are handled at once, so that a busy one leaves room for the others.</summary>
internal sealed class InstanceGates(LastValidOptions options)
{
    // One small object per instance that ever called; instances are known and few against calls.
    private readonly ConcurrentDictionary<long, SemaphoreSlim> _gates = new();

    /// <summary>Waits for a place; disposing the result leaves it.</summary>
    public async ValueTask<Place> EnterAsync(long idInstance, CancellationToken cancellationToken)
    {
        var gate = _gates.GetOrAdd(idInstance, _ => new(options.CurrentValue.ConcurrencyPerInstance));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new(gate);
    }

    internal readonly struct Place(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
