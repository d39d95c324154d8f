using IncomingCalls;

namespace BotHost;

#region handlers
/// <summary>Shows an alert while a call rings, and its outcome as another message: Telegram notifies the operators of a new message, and not of an edited one.</summary>
internal sealed class OperatorChat(CallMessages messages) : IOperatorNotifier, IChatRecorder
{
    public async ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) =>
        await messages.ShowAsync(alert.Call, $"Ringing: {alert.Caller.DisplayName}", cancellationToken);

    public ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken) => RaiseAsync(alert, cancellationToken);

    public async ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        if (alert.Call.Outcome == CallOutcome.None)
        {
            // The alert has expired. GREEN-API may never report how the call ended.
            await messages.ShowAsync(alert.Call, $"Rang: {alert.Caller.DisplayName}", cancellationToken);
        }
        else
        {
            await messages.DeleteAsync(alert.Call, cancellationToken);
        }
    }

    public async ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        // The alert shows that a call rings.
        if (record.Label != CallLabel.IncomingCall)
        {
            await messages.ShowAsync(record.Call, $"{record.Call.Outcome}: {record.Caller.DisplayName}", cancellationToken);
        }
    }
}
#endregion
