using System.Text.Json;
using IncomingCalls;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;

namespace BotHost;

#region messages
/// <summary>The messages of a handler in the chat of the operators, one for each call. The values in the store belong to the handler, so that an alert and an outcome are separate messages.</summary>
internal sealed class CallMessages(ITelegramBotClient bot, OperatorGroup group, ICallHandlerStore store)
{
    private static readonly string[] GoneDescriptions =
        ["message to edit not found", "message can't be edited", "message to delete not found", "message can't be deleted"];

    /// <summary>
    /// Sends the message of a call, or edits it. A message that is gone, because an operator deleted it or because it is in a former chat, is replaced by a new one only
    /// if the call has another outcome now: a name that is found later is not worth a message.
    /// </summary>
    public async Task ShowAsync(Call call, string text, CancellationToken cancellationToken)
    {
        var message = await FindAsync(call, cancellationToken);
        if (message is null || (!await TryEditAsync(message, text, cancellationToken) && message.Outcome != call.Outcome))
        {
            var sent = await SendAsync(text, cancellationToken);
            message = new(sent.Chat.Id, sent.Id, call.Outcome);
        }

        // Durable when the call returns, before the attempt ends: a later attempt edits the message instead of sending another one.
        await store.SaveAsync(HandlerKey.Call(call), JsonSerializer.Serialize(message with { Outcome = call.Outcome }), cancellationToken);
    }

    /// <summary>Deletes the message of a call, if there is one.</summary>
    public async Task DeleteAsync(Call call, CancellationToken cancellationToken)
    {
        if (await FindAsync(call, cancellationToken) is { } message)
        {
            await TryChangeAsync(message, () => bot.DeleteMessage(message.ChatId, message.Id, cancellationToken));
        }
    }

    private async Task<CallMessage?> FindAsync(Call call, CancellationToken cancellationToken) =>
        await store.GetAsync(HandlerKey.Call(call), cancellationToken) is { } json ? JsonSerializer.Deserialize<CallMessage>(json) : null;

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

    private Task<bool> TryEditAsync(CallMessage message, string text, CancellationToken cancellationToken) =>
        TryChangeAsync(message, () => bot.EditMessageText(message.ChatId, message.Id, text, cancellationToken: cancellationToken));

    /// <summary>Edits or deletes a message; returns false if it is gone.</summary>
    private async Task<bool> TryChangeAsync(CallMessage message, Func<Task> change)
    {
        // The operators are no longer there: their group has become a supergroup, or the setting was changed.
        if (message.ChatId != group.ChatId)
        {
            return false;
        }

        try
        {
            await change();
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

    /// <summary>Telegram reports it by no code of its own: only the description says it.</summary>
    private static bool IsGone(ApiRequestException e) => GoneDescriptions.Any(description => e.Message.Contains(description, StringComparison.Ordinal));

    /// <summary>The message of a call, and the outcome that it shows. Ids are unique within a chat.</summary>
    private sealed record CallMessage(long ChatId, int Id, CallOutcome Outcome);
}
#endregion
