using IncomingCalls.Inbox;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.PostgreSql.Tests.Hosting;

/// <summary>A list of one instance, which does not change.</summary>
internal sealed class OneInstance : IInstanceSource
{
    private readonly CallInstance _instance = new() { IdInstance = 1101000001 };

    public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new([_instance]);

    public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) => new(idInstance == _instance.IdInstance ? _instance : null);

    public IChangeToken Watch() => new CancellationChangeToken(CancellationToken.None);
}
