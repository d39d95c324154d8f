namespace IncomingCalls.Testing;

/// <summary>Writes a line per alert, raised or withdrawn.</summary>
internal sealed class RecordingNotifier(HandlerRecorder diary) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => RecordAsync("raise", alert, cancellationToken);

    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => RecordAsync("withdraw", alert, cancellationToken);

    private async ValueTask RecordAsync(string what, OperatorAlert alert, CancellationToken cancellationToken)
    {
        await diary.NotifierBehavior(what, alert, cancellationToken).ConfigureAwait(false);
        diary.Record($"{what} {alert.Call.Key.IdMessage}");
    }
}
