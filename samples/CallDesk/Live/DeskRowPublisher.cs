using CallDesk.Store;
using Microsoft.EntityFrameworkCore;

namespace CallDesk.Live;

/// <summary>Shows changed rows to the pages that are open on this node.</summary>
internal sealed class DeskRowPublisher(DeskFeed feed, IServiceScopeFactory scopes) : IDisposable
{
    /// <summary>One after another: of two states of a row, no page gets the older one last.</summary>
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Reads a row and shows it as it is now.</summary>
    public async Task PublishAsync(DeskChange change)
    {
        if (!feed.HasSubscribers)
        {
            return;
        }

        await _gate.WaitAsync();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            if (await ReadAsync(scope.ServiceProvider.GetRequiredService<DeskDb>(), change) is { } row)
            {
                feed.Publish(row);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets every page read everything again, because nobody knows what it missed.</summary>
    public void RequestReload() => feed.RequestReload();

    public void Dispose() => _gate.Dispose();

    private static async Task<IDeskRow?> ReadAsync(DeskDb db, DeskChange change) => change.Kind switch
    {
        DeskRowKind.Call => await FindAsync(db.Calls, change.Id),
        DeskRowKind.Event => await FindAsync(db.Events, change.Id),
        DeskRowKind.Record => await FindAsync(db.Records, change.Id),
        DeskRowKind.Alert => await FindAsync(db.Alerts, change.Id),
        DeskRowKind.Callback => await FindAsync(db.Callbacks, change.Id),
        // Told by a node of a newer version, whose pages know what to do with it.
        _ => null,
    };

    private static Task<T?> FindAsync<T>(IQueryable<T> rows, string id)
        where T : class, IDeskRow =>
        rows.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id);
}

/// <summary>All open pages are here.</summary>
internal sealed class LocalChangePublisher(DeskRowPublisher view) : IDeskChangePublisher
{
    public Task PublishAsync(DeskChange change) => view.PublishAsync(change);
}
