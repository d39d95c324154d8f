using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.AspNetCore.Tests.Hosting;

/// <summary>An instance source of the host, whose instances change while the host runs.</summary>
internal sealed class MutableInstanceSource : IInstanceSource
{
    private readonly Lock _gate = new();
    private CallInstance[] _instances = [];
    private ConfigurationReloadToken _changed = new();

    public int FindCount { get; private set; }

    public void Set(params CallInstance[] instances)
    {
        ConfigurationReloadToken changed;
        lock (_gate)
        {
            _instances = instances;
            changed = _changed;
            _changed = new();
        }

        changed.OnReload();
    }

    public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new([.. _instances]);
        }
    }

    public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            FindCount++;
            return new(Array.Find(_instances, instance => instance.IdInstance == idInstance));
        }
    }

    public IChangeToken Watch()
    {
        lock (_gate)
        {
            return _changed;
        }
    }
}
