using IncomingCalls;
using Microsoft.EntityFrameworkCore;

namespace Guides.Recorders;

#region log
internal sealed class EfCoreCallLog(CallsDb db) : IChatRecorder
{
    public async ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        if (await db.Log.AnyAsync(entry => entry.EventId == record.EventId, cancellationToken))
        {
            return;
        }

        db.Add(new CallLogEntry
        {
            EventId = record.EventId,
            ChatId = record.ChatId?.Value,
            CallerName = record.Caller.Name,
            Text = record.Text,
            OccurredAt = record.OccurredAt.UtcDateTime,
        });
        await db.SaveChangesAsync(cancellationToken);
    }
}
#endregion
