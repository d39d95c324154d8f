using CallDesk.Api;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CallDesk.Store;

/// <summary>
/// Writes rows so that writing them again is harmless, since handlers run at least once, and tells the open pages.
/// </summary>
internal sealed class DeskStore(DeskDb db, DeskGate gate, DeskFeed feed, TimeProvider time)
{
    /// <summary>SQLITE_CONSTRAINT_PRIMARYKEY.</summary>
    private const int PrimaryKeyTaken = 1555;

    /// <summary>Adds a row unless it is there.</summary>
    public async Task AddAsync<T>(T row, CancellationToken cancellationToken)
        where T : class, IDeskRow
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        if (await TryAddAsync(row, cancellationToken))
        {
            feed.Publish(row);
        }
    }

    /// <summary>Brings the row of a call up to date.</summary>
    public async Task KeepAsync(DeskCall call, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        if (await TryUpdateAsync(call, cancellationToken) || await TryAddAsync(call, cancellationToken))
        {
            await PublishAsync<DeskCall>(call.Id, cancellationToken);
        }
    }

    /// <summary>Shows a name that came after the alert.</summary>
    public async Task RenameAsync(DeskAlert alert, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        await db.Alerts.Where(row => row.Id == alert.Id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.CallerName, alert.CallerName), cancellationToken);
        await PublishAsync<DeskAlert>(alert.Id, cancellationToken);
    }

    /// <summary>Takes an alert away.</summary>
    public async Task EndAsync(DeskAlert alert, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        await db.Alerts.Where(row => row.Id == alert.Id && row.EndedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.EndedAt, now), cancellationToken);
        await PublishAsync<DeskAlert>(alert.Id, cancellationToken);
    }

    /// <summary>Notes whether an operator has called back; false when there is no such call.</summary>
    public async Task<bool> MarkCalledBackAsync(string id, bool isCalledBack, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        if (await FindAsync<DeskCall>(id, cancellationToken) is not { } call)
        {
            return false;
        }

        await TryAddAsync(DeskCallback.Of(call), cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        DateTime? calledBackAt = isCalledBack ? now : null;
        await db.Callbacks.Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.CalledBackAt, calledBackAt).SetProperty(row => row.ChangedAt, now), cancellationToken);
        await PublishAsync<DeskCallback>(id, cancellationToken);
        return true;
    }

    private async Task<bool> TryUpdateAsync(DeskCall call, CancellationToken cancellationToken) =>
        // An outcome never gives way to a lower one, so neither a late event nor a repeated one takes anything back.
        await db.Calls.Where(row => row.Id == call.Id && row.Outcome <= call.Outcome).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.ChatId, row => call.ChatId ?? row.ChatId)
                .SetProperty(row => row.CallerName, row => call.CallerName ?? row.CallerName)
                .SetProperty(row => row.At, row => call.At < row.At ? call.At : row.At)
                .SetProperty(row => row.Outcome, call.Outcome)
                .SetProperty(row => row.OutcomeAt, row => call.OutcomeAt ?? row.OutcomeAt),
            cancellationToken) > 0;

    private async Task<bool> TryAddAsync<T>(T row, CancellationToken cancellationToken)
        where T : class, IDeskRow
    {
        if (await FindAsync<T>(row.Id, cancellationToken) is not null)
        {
            return false;
        }

        row.WrittenAt = time.GetUtcNow().UtcDateTime;
        db.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException e) when (e.InnerException is SqliteException { SqliteExtendedErrorCode: PrimaryKeyTaken })
        {
            // Another process, which is about to end, wrote the same.
            return false;
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private async Task PublishAsync<T>(string id, CancellationToken cancellationToken)
        where T : class, IDeskRow
    {
        if (await FindAsync<T>(id, cancellationToken) is { } row)
        {
            feed.Publish(row);
        }
    }

    private Task<T?> FindAsync<T>(string id, CancellationToken cancellationToken)
        where T : class, IDeskRow =>
        db.Set<T>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
}
