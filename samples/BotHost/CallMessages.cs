using IncomingCalls;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;

namespace BotHost;

#region messages
/// <summary>The messages about calls in the chat of the operators: one for each call, which is edited while that is possible.</summary>
internal sealed class CallMessages(ITelegramBotClient bot, OperatorGroup group, CallMessageStore store) : IDisposable
{
    // One request at a time, as Telegram recommends; this also prevents two handlers of a call from both sending its first message.
    private readonly SemaphoreSlim _sendLock = new(1);

    /// <summary>Sends the message of a call, or changes its text.</summary>
    /// <param name="call">The call. A state that is older than the one that is shown changes nothing.</param>
    /// <param name="text">The text.</param>
    /// <param name="isOutcome">
    /// Whether the text must be seen: it is then sent as a new message if the message of the call is gone, because an operator deleted it, or because it
    /// is in a group that has become a supergroup.
    /// </param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task ShowAsync(Call call, string text, bool isOutcome, CancellationToken cancellationToken)
    {
        await _sendLock.WaitAsync(cancellationToken);
        try
        {
            var shown = store.Find(call.Key);
            // An alert that expires while the outcome arrives has an older version than the message shows.
            if (shown is null || (call.Version >= shown.Version && !await TryEditAsync(call, shown, text, cancellationToken) && isOutcome))
            {
                var sent = await SendAsync(text, cancellationToken);
                store.Save(call.Key, new(sent.Chat.Id, sent.Id, call.Version));
            }
        }
        finally
        {
            _sendLock.Release();
        }
    }

    public void Dispose() => _sendLock.Dispose();

    private async Task<Message> SendAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            return await bot.SendMessage(group.ChatId, text, cancellationToken: cancellationToken);
        }
        catch (ApiRequestException e) when (group.TryMigrate(e))
        {
            return await bot.SendMessage(group.ChatId, text, cancellationToken: cancellationToken);
        }
    }

    /// <summary>Edits the message of a call; returns false if it is gone.</summary>
    private async Task<bool> TryEditAsync(Call call, CallMessage shown, string text, CancellationToken cancellationToken)
    {
        // The ids of messages are those of their chat: in the supergroup, the id of a message of the former group can be that of another call.
        if (shown.ChatId != group.ChatId)
        {
            return false;
        }

        store.Save(call.Key, shown with { Version = call.Version });
        try
        {
            await bot.EditMessageText(shown.ChatId, shown.MessageId, text, cancellationToken: cancellationToken);
            return true;
        }
        catch (ApiRequestException e) when (e.Message.Contains("not modified", StringComparison.Ordinal))
        {
            // The message has this text already.
            return true;
        }
        catch (ApiRequestException e) when (IsGone(e) || group.TryMigrate(e))
        {
            return false;
        }
    }

    /// <summary>Telegram reports neither by a code of its own: only the description says it.</summary>
    private static bool IsGone(ApiRequestException e) =>
        e.Message.Contains("message to edit not found", StringComparison.Ordinal) || e.Message.Contains("message can't be edited", StringComparison.Ordinal);
}
#endregion
