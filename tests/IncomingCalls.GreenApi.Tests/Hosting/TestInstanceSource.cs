using Microsoft.Extensions.Primitives;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>An instance source of the host, whose instances change while the host runs.</summary>
internal sealed class TestInstanceSource : IInstanceSource
{
    private CancellationTokenSource _changed = new();
    private volatile IReadOnlyCollection<CallInstance> _instances = [];

    public void Set(params IReadOnlyCollection<CallInstance> instances)
    {
        _instances = instances;
        Interlocked.Exchange(ref _changed, new()).Cancel();
    }

    public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new(_instances);

    public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) =>
        new(_instances.FirstOrDefault(instance => instance.IdInstance == idInstance));

    public IChangeToken Watch() => new CancellationChangeToken(_changed.Token);
}
