using CallDesk.Store;
using Microsoft.EntityFrameworkCore;

namespace CallDesk.Live;

/// <summary>Sends changed rows to the pages that are open on this node.</summary>
internal sealed class DeskRowPublisher(DeskFeed feed, IServiceScopeFactory scopes) : IDisposable
{
    /// <summary>Rows are read and sent one at a time, so that no page receives an older state of a row after a newer one.</summary>
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Reads the current state of a row and sends it to the pages. Open callbacks are read by the pages: they are a list of the inbox.</summary>
    public async Task PublishAsync(DeskChange change)
    {
        if (!feed.HasSubscribers)
        {
            return;
        }

        if (change.Kind == DeskRowKind.Callbacks)
        {
            feed.AnnounceCallbacks();
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

    /// <summary>Makes every page reload all rows, since it is unknown which changes it missed.</summary>
    public void RequestReload() => feed.RequestReload();

    public void Dispose() => _gate.Dispose();

    private static async Task<IDeskRow?> ReadAsync(DeskDb db, DeskChange change) => change.Kind switch
    {
        DeskRowKind.Call => await FindAsync(db.Calls, change.Id),
        DeskRowKind.Event => await FindAsync(db.Events, change.Id),
        DeskRowKind.Record => await FindAsync(db.Records, change.Id),
        DeskRowKind.Alert => await FindAsync(db.Alerts, change.Id),
        // Published by a node of a newer version, whose own pages can show it.
        _ => null,
    };

    private static Task<T?> FindAsync<T>(IQueryable<T> rows, string id)
        where T : class, IDeskRow =>
        rows.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id);
}

/// <summary>Publishes changes in a single process, where all pages are open on this node.</summary>
internal sealed class LocalChangePublisher(DeskRowPublisher publisher) : IDeskChangePublisher
{
    public Task PublishAsync(DeskChange change) => publisher.PublishAsync(change);
}
