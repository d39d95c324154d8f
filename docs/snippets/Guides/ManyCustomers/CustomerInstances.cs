using IncomingCalls;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Guides.ManyCustomers;

#region source
internal sealed class CustomerInstances(IDbContextFactory<CustomerDb> databases) : IInstanceSource
{
    private ConfigurationReloadToken _changed = new();

    public async ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return [.. (await db.Instances.AsNoTracking().ToListAsync(cancellationToken)).Select(row => row.ToCallInstance())];
    }

    public async ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (await db.Instances.FindAsync([idInstance], cancellationToken))?.ToCallInstance();
    }

    public IChangeToken Watch() => Volatile.Read(ref _changed);

    // Call it after the change is committed: the instances are read at once.
    public void NotifyChanged() => Interlocked.Exchange(ref _changed, new()).OnReload();
}
#endregion
