namespace IncomingCalls.LoadTests;

/// <summary>An operator notifier that writes down when it was called.</summary>
internal sealed class AlertTimingNotifier(RaisedAlerts raised, HandledCounter handled) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        raised.Add(alert.Call.Key.IdMessage);
        handled.Add();
        return ValueTask.CompletedTask;
    }
}
