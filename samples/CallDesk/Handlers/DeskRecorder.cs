using CallDesk.Store;
using IncomingCalls;

namespace CallDesk.Handlers;

/// <summary>Writes chat records to the desk. Yours writes them to the chat of your CRM.</summary>
internal sealed class DeskRecorder(DeskStore store) : IChatRecorder
{
    public async ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        await store.AddAsync(DeskRecord.From(record), cancellationToken);
        // The record waited for the caller's name: the call gets it too.
        await store.UpsertAsync(DeskCall.From(record.Call, record.OccurredAt), cancellationToken);
    }
}
