using Microsoft.Extensions.Primitives;

namespace IncomingCalls;

/// <summary>Hands out change tokens that are signalled once each.</summary>
internal sealed class CallInstancesWatch : IDisposable
{
    private CancellationTokenSource _source = new();

    public IChangeToken Token => new CancellationChangeToken(Volatile.Read(ref _source).Token);

    public void Signal()
    {
        using var signalled = Interlocked.Exchange(ref _source, new());
        signalled.Cancel();
    }

    public void Dispose() => _source.Dispose();
}
