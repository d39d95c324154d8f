using Microsoft.EntityFrameworkCore;

namespace CallDesk.Store;

/// <summary>
/// Writes rows so that writing them again is harmless, since handlers run at least once, and tells the open pages.
/// </summary>
internal sealed class DeskStore(DeskDb db, WriterLimiter gate, IDeskChangePublisher changes, TimeProvider time)
{
    /// <summary>Adds a row unless it is there.</summary>
    public async Task AddAsync<T>(T row, CancellationToken cancellationToken)
        where T : class, IDeskRow
    {
        using (await gate.AcquireAsync(cancellationToken))
        {
            await TryAddAsync(row, cancellationToken);
        }

        // Also when it was there: whoever wrote it may have died before it told anybody.
        await changes.PublishAsync(new(KindOf(row), row.Id));
    }

    /// <summary>Brings the row of a call up to date.</summary>
    public async Task UpsertAsync(DeskCall call, CancellationToken cancellationToken)
    {
        using (await gate.AcquireAsync(cancellationToken))
        {
            // Once more when another process has added it in between, with less than we know.
            _ = await TryUpdateAsync(call, cancellationToken) || await TryAddAsync(call, cancellationToken) || await TryUpdateAsync(call, cancellationToken);
        }

        await changes.PublishAsync(new(DeskRowKind.Call, call.Id));
    }

    /// <summary>Shows a name that came after the alert.</summary>
    public Task UpdateCallerNameAsync(DeskAlert alert, CancellationToken cancellationToken) => UpdateAsync(
        alert,
        rows => rows.ExecuteUpdateAsync(set => set.SetProperty(row => row.CallerName, alert.CallerName), cancellationToken),
        cancellationToken);

    /// <summary>Takes an alert away.</summary>
    public Task EndAlertAsync(DeskAlert alert, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return UpdateAsync(
            alert,
            rows => rows.Where(row => row.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), cancellationToken),
            cancellationToken);
    }

    private async Task UpdateAsync(DeskAlert alert, Func<IQueryable<DeskAlert>, Task<int>> update, CancellationToken cancellationToken)
    {
        using (await gate.AcquireAsync(cancellationToken))
        {
            await update(db.Alerts.Where(row => row.Id == alert.Id));
        }

        await changes.PublishAsync(new(DeskRowKind.Alert, alert.Id));
    }

    /// <summary>Notes whether an operator has called back; false when there is no such call.</summary>
    public async Task<bool> MarkCalledBackAsync(string id, bool isCalledBack, CancellationToken cancellationToken)
    {
        using (await gate.AcquireAsync(cancellationToken))
        {
            if (await db.Calls.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } call)
            {
                return false;
            }

            await TryAddAsync(DeskCallback.From(call), cancellationToken);
            var now = time.GetUtcNow().UtcDateTime;
            DateTime? calledBackAt = isCalledBack ? now : null;
            await db.Callbacks.Where(row => row.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.CalledBackAt, calledBackAt).SetProperty(row => row.ChangedAt, now), cancellationToken);
        }

        await changes.PublishAsync(new(DeskRowKind.Callback, id));
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
        if (await db.Set<T>().AnyAsync(other => other.Id == row.Id, cancellationToken))
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
        catch (DbUpdateException e) when (e.IsDuplicateKey())
        {
            // Another process wrote the same: one that is about to end, or another node.
            return false;
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private static DeskRowKind KindOf(IDeskRow row) => row switch
    {
        DeskCall => DeskRowKind.Call,
        DeskEvent => DeskRowKind.Event,
        DeskRecord => DeskRowKind.Record,
        DeskAlert => DeskRowKind.Alert,
        DeskCallback => DeskRowKind.Callback,
        _ => throw new ArgumentOutOfRangeException(nameof(row)),
    };
}
