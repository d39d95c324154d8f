using IncomingCalls;

namespace Guides.Alerts;

#region notifier
internal sealed class BrowserNotifier(AlertFeed feed) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        feed.Show(From(alert));
        return ValueTask.CompletedTask;
    }

    public ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken) => RaiseAsync(alert, cancellationToken);

    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        feed.Hide(From(alert));
        return ValueTask.CompletedTask;
    }

    private static BrowserAlert From(OperatorAlert alert) => new(alert.EventId, alert.Caller.DisplayName);
}
#endregion
