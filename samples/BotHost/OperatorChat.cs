using System.Globalization;
using IncomingCalls;
using Telegram.Bot;
using Telegram.Bot.Exceptions;

namespace BotHost;

#region handlers
/// <summary>Shows each call as one message, which is edited when the call changes.</summary>
internal sealed class OperatorChat(ITelegramBotClient bot, BotSettings settings, CallMessageStore messages) : IOperatorNotifier, IChatRecorder
{
    // One request at a time, as Telegram recommends; this also prevents two handlers of a call from both sending its first message.
    private static readonly SemaphoreSlim SendLock = new(1);

    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => ShowAsync(alert.Call, "Ringing", cancellationToken);

    public ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken) => RaiseAsync(alert, cancellationToken);

    // Fast, but no longer retried once the alert has expired; a record is retried for hours.
    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => ShowAsync(alert.Call, OutcomeText(alert.Call), cancellationToken);

    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken) =>
        record.Label == CallLabel.IncomingCall ? default : ShowAsync(record.Call, OutcomeText(record.Call), cancellationToken);

    private static string OutcomeText(Call call) => call.Outcome == CallOutcome.None ? "Rang" : $"{call.Outcome}";

    private async ValueTask ShowAsync(Call call, string state, CancellationToken cancellationToken)
    {
        await SendLock.WaitAsync(cancellationToken);
        try
        {
            var (chat, text) = (settings.ChatId!, $"{state}: {call.Caller.DisplayName}");
            if (messages.Find(call.Key) is not [var message, var version])
            {
                messages.Save(call.Key, (await bot.SendMessage(chat, text, cancellationToken: cancellationToken)).Id, call.Version);
            }
            // An alert that expires while the outcome arrives has an older version than the message shows.
            else if (call.Version >= version)
            {
                messages.Save(call.Key, message, call.Version);
                await bot.EditMessageText(chat, message, text, cancellationToken: cancellationToken);
            }
        }
        catch (ApiRequestException e) when (e.Message.Contains("not modified", StringComparison.Ordinal))
        {
            // The message has this text already.
        }
        finally
        {
            SendLock.Release();
        }
    }
}
#endregion

/// <summary>Stores which message shows which call, and in which version: one file for each call, replaced atomically, since a retry after a crash must find it.</summary>
internal sealed class CallMessageStore(IHostEnvironment host)
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(host.ContentRootPath, "data", "messages")).FullName;

    public int[]? Find(CallKey call) =>
        File.Exists(PathOf(call)) ? [.. File.ReadAllText(PathOf(call)).Split(' ').Select(part => int.Parse(part, CultureInfo.InvariantCulture))] : null;

    public void Save(CallKey call, int message, int version)
    {
        File.WriteAllText($"{PathOf(call)}.new", $"{message} {version}");
        File.Move($"{PathOf(call)}.new", PathOf(call), overwrite: true);
    }

    private string PathOf(CallKey call) => Path.Combine(_folder, Uri.EscapeDataString($"{call}"));
}
