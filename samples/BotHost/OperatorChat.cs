using IncomingCalls;
using Telegram.Bot;
using Telegram.Bot.Exceptions;

namespace BotHost;

#region handlers
/// <summary>Shows each call as one message, which is edited as the call goes on.</summary>
internal sealed class OperatorChat(ITelegramBotClient bot, BotSettings settings, CallMessages messages) : IOperatorNotifier, IChatRecorder
{
    // One at a time, as Telegram wants it; and no two handlers of a call both send its first message.
    private static readonly SemaphoreSlim Turn = new(1);

    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => ShowAsync(alert.Call, "Ringing", cancellationToken);

    public ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken) => RaiseAsync(alert, cancellationToken);

    // Quick, but not repeated when the alert has expired; a record is, for hours.
    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => ShowAsync(alert.Call, Outcome(alert.Call), cancellationToken);

    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken) =>
        record.Label == CallLabel.IncomingCall ? default : ShowAsync(record.Call, Outcome(record.Call), cancellationToken);

    private static string Outcome(Call call) => call.Outcome == CallOutcome.None ? "Rang" : $"{call.Outcome}";

    private async ValueTask ShowAsync(Call call, string state, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        try
        {
            var (chat, text) = (settings.ChatId!, $"{state}: {call.Caller.DisplayName}");
            if (messages.Find(call.Key) is not [var message, var version])
            {
                messages.Keep(call.Key, (await bot.SendMessage(chat, text, cancellationToken: cancellationToken)).Id, call.Version);
            }
            // An alert that expires while the outcome comes knows less than the message says.
            else if (call.Version >= version)
            {
                messages.Keep(call.Key, message, call.Version);
                await bot.EditMessageText(chat, message, text, cancellationToken: cancellationToken);
            }
        }
        catch (ApiRequestException e) when (e.Message.Contains("not modified", StringComparison.Ordinal))
        {
            // It says so already.
        }
        finally
        {
            Turn.Release();
        }
    }
}
#endregion
