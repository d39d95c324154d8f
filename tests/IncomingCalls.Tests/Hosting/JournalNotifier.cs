namespace IncomingCalls.Tests.Hosting;

internal sealed class JournalNotifier(Journal journal) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => Write("raise", alert);

    public ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken) => Write("update", alert);

    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => Write("withdraw", alert);

    private ValueTask Write(string what, OperatorAlert alert)
    {
        journal.Write($"{what} {alert.EventId} {alert.Caller.DisplayName}");
        return ValueTask.CompletedTask;
    }
}
