using IncomingCalls;

namespace Guides.Recorders;

#region rows
internal sealed class EfCoreCallRows(CallsDb db) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var call = callEvent.Call;
        var row = await db.Calls.FindAsync([call.Key.IdInstance, call.Key.IdMessage], cancellationToken)
            ?? db.Add(new CallRow { IdInstance = call.Key.IdInstance, IdMessage = call.Key.IdMessage }).Entity;
        if (call.Version < row.Version)
        {
            // Another process has stored a newer state of the call.
            return;
        }

        row.Version = call.Version;
        row.ChatId = call.Caller.ChatId?.Value;
        row.CallerName = callEvent.Caller.Name ?? row.CallerName;
        row.Outcome = call.Outcome;
        row.OfferedAt = call.OfferedAt?.UtcDateTime;
        row.OutcomeAt = call.OutcomeAt?.UtcDateTime;
        // Throws if another process has written the row since it was read. The attempt is then repeated with the new row.
        await db.SaveChangesAsync(cancellationToken);
    }
}
#endregion
