using Telegram.Bot;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;

namespace BotHost;

/// <summary>Receives the messages to the bot, and answers <c>/start</c> and <c>/id</c> with the id of the chat.</summary>
internal sealed class BotUpdates(ITelegramBotClient bot, TimeProvider time, ILogger<BotUpdates> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        bot.ReceiveAsync(AnswerAsync, HandleErrorAsync, new() { AllowedUpdates = [UpdateType.Message] }, stoppingToken);

    // In a group the command is /id@name_of_the_bot.
    private static Task AnswerAsync(ITelegramBotClient bot, Update update, CancellationToken cancellationToken) =>
        update.Message is { } message && message.Text?.Split(' ', '@')[0] is "/start" or "/id"
            ? bot.SendMessage(message.Chat, $"Set BotHost:ChatId to {message.Chat.Id}", cancellationToken: cancellationToken)
            : Task.CompletedTask;

    private async Task HandleErrorAsync(ITelegramBotClient bot, Exception exception, CancellationToken cancellationToken)
    {
        logger.LogWarning("Updates could not be received from Telegram; trying again in a few seconds: {Reason}", exception.Message);
        await Task.Delay(TimeSpan.FromSeconds(3), time, cancellationToken);
    }
}
