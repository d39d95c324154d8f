using Microsoft.EntityFrameworkCore;

namespace CallDesk.Store;

/// <summary>
/// Writes rows idempotently, since handlers run at least once, and publishes the changes to the open pages.
/// </summary>
internal sealed class DeskStore(DeskDb db, IDeskWriter writer, TimeProvider time)
{
    /// <summary>Adds a row unless it exists.</summary>
    public Task AddAsync<T>(T row, CancellationToken cancellationToken)
        where T : class, IDeskRow =>
        writer.WriteAsync(new(KindOf(row), row.Id), () => TryAddAsync(row, cancellationToken), cancellationToken);

    /// <summary>Adds or updates the row of a call.</summary>
    public Task UpsertAsync(DeskCall call, CancellationToken cancellationToken) => writer.WriteAsync(
        new(DeskRowKind.Call, call.Id),
        // The second update is for a row that another process has added in between with older data.
        async () => _ = await TryUpdateAsync(call, cancellationToken) || await TryAddAsync(call, cancellationToken) || await TryUpdateAsync(call, cancellationToken),
        cancellationToken);

    /// <summary>Stores the caller name of an alert, if the name became known after the alert.</summary>
    public Task UpdateCallerNameAsync(DeskAlert alert, CancellationToken cancellationToken) => UpdateAsync(
        alert,
        rows => rows.ExecuteUpdateAsync(set => set.SetProperty(row => row.CallerName, alert.CallerName), cancellationToken),
        cancellationToken);

    /// <summary>Marks an alert as ended.</summary>
    public Task EndAlertAsync(DeskAlert alert, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return UpdateAsync(
            alert,
            rows => rows.Where(row => row.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), cancellationToken),
            cancellationToken);
    }

    private Task UpdateAsync(DeskAlert alert, Func<IQueryable<DeskAlert>, Task<int>> update, CancellationToken cancellationToken) =>
        writer.WriteAsync(new(DeskRowKind.Alert, alert.Id), () => update(db.Alerts.Where(row => row.Id == alert.Id)), cancellationToken);

    private async Task<bool> TryUpdateAsync(DeskCall call, CancellationToken cancellationToken) =>
        // A lower outcome never replaces a higher one, so neither a late nor a duplicate event reverts the row.
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
            // Another process wrote the same row: a process that is shutting down, or another node.
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
        _ => throw new ArgumentOutOfRangeException(nameof(row)),
    };
}
