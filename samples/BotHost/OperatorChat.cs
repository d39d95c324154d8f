using IncomingCalls;

namespace BotHost;

#region handlers
/// <summary>Shows each call as one message, which is edited when the call changes.</summary>
internal sealed class OperatorChat(CallMessages messages) : IOperatorNotifier, IChatRecorder
{
    public async ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) =>
        await messages.ShowAsync(alert.Call, $"Ringing: {alert.Caller.DisplayName}", isOutcome: false, cancellationToken);

    public ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken) => RaiseAsync(alert, cancellationToken);

    // Fast, but no longer retried once the alert has expired; a record is retried for hours.
    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => ShowStateAsync(alert.Call, cancellationToken);

    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken) =>
        record.Label == CallLabel.IncomingCall ? default : ShowStateAsync(record.Call, cancellationToken);

    private async ValueTask ShowStateAsync(Call call, CancellationToken cancellationToken)
    {
        var isOutcome = call.Outcome != CallOutcome.None;
        await messages.ShowAsync(call, $"{(isOutcome ? $"{call.Outcome}" : "Rang")}: {call.Caller.DisplayName}", isOutcome, cancellationToken);
    }
}
#endregion
