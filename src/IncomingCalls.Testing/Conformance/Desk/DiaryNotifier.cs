namespace IncomingCalls.Testing;

/// <summary>Writes a line per alert, raised or withdrawn.</summary>
internal sealed class DiaryNotifier(Diary diary) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => WriteAsync("raise", alert, cancellationToken);

    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => WriteAsync("withdraw", alert, cancellationToken);

    private async ValueTask WriteAsync(string what, OperatorAlert alert, CancellationToken cancellationToken)
    {
        await diary.AlertScript(what, alert, cancellationToken).ConfigureAwait(false);
        diary.Write($"{what} {alert.Call.Key.IdMessage}");
    }
}
