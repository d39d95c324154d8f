using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.PostgreSql.Tests.Hosting;

/// <summary>A list of instances, at first of one that is polled.</summary>
internal sealed class TestInstances : IInstanceSource
{
    public static readonly CallInstance Polled = new() { IdInstance = 1101000001 };

    private readonly Lock _gate = new();
    private CallInstance[] _instances = [Polled];
    private ConfigurationReloadToken _changed = new();

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
            return new(_instances);
        }
    }

    public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
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
