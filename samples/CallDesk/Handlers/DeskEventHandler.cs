using CallDesk.Store;
using IncomingCalls;

namespace CallDesk.Handlers;

/// <summary>Notes every event, and keeps the row of its call up to date.</summary>
internal sealed class DeskEventHandler(DeskStore store) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await store.AddAsync(DeskEvent.From(callEvent), cancellationToken);
        await store.UpsertAsync(DeskCall.From(callEvent.Call, callEvent.OccurredAt), cancellationToken);
    }
}
