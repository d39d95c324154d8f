using CallDesk.Store;
using IncomingCalls;

namespace CallDesk.Handlers;

/// <summary>Writes every event, and updates the row of its call.</summary>
internal sealed class DeskEventHandler(DeskStore store) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await store.AddAsync(DeskEvent.From(callEvent), cancellationToken);
        await store.UpsertAsync(DeskCall.From(callEvent.Call, callEvent.OccurredAt), cancellationToken);
    }
}

/// <summary>Writes chat records to the desk. Your recorder writes them to the chat of your CRM.</summary>
internal sealed class DeskRecorder(DeskStore store) : IChatRecorder
{
    public async ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        await store.AddAsync(DeskRecord.From(record), cancellationToken);
        // A record waits for the name of the caller, so the call can be updated with it too.
        await store.UpsertAsync(DeskCall.From(record.Call, record.OccurredAt), cancellationToken);
    }
}

/// <summary>Shows ringing calls on the open pages of the operators.</summary>
internal sealed class DeskNotifier(DeskStore store) : IOperatorNotifier
{
    public async ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        await store.AddAsync(DeskAlert.From(alert), cancellationToken);
        await store.UpsertAsync(DeskCall.From(alert.Call, alert.OccurredAt), cancellationToken);
    }

    public async ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        await store.UpdateCallerNameAsync(DeskAlert.From(alert), cancellationToken);
        await store.UpsertAsync(DeskCall.From(alert.Call, alert.OccurredAt), cancellationToken);
    }

    public async ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        await store.EndAlertAsync(DeskAlert.From(alert), cancellationToken);
        await store.UpsertAsync(DeskCall.From(alert.Call, alert.OccurredAt), cancellationToken);
    }
}
