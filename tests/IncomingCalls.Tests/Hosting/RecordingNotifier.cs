namespace IncomingCalls.Tests.Hosting;

internal sealed class RecordingNotifier(TestRecorder journal) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => Record("raise", alert);

    public ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken) => Record("update", alert);

    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => Record("withdraw", alert);

    private ValueTask Record(string what, OperatorAlert alert)
    {
        journal.Record($"{what} {alert.EventId} {alert.Caller.DisplayName}");
        return ValueTask.CompletedTask;
    }
}
