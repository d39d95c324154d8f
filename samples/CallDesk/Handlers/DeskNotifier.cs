using CallDesk.Store;
using IncomingCalls;

namespace CallDesk.Handlers;

/// <summary>Shows ringing calls to the operators whose pages are open.</summary>
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
