using IncomingCalls.BotHost.Tests.Hosting;
using IncomingCalls.BotHost.Tests.Telegram;

namespace IncomingCalls.BotHost.Tests;

/// <summary>From nothing to a bot that knows its chat.</summary>
public sealed class SetUpTests
{
    [Fact]
    public async Task Start_WithoutABotToken_EndsWithOneSentence()
    {
        var (exitCode, output) = await Bot.TryAsync();

        exitCode.Should().Be(1);
        output.Trim().Should().Be("Set BotHost:BotToken to the token that @BotFather gave your bot.");
    }

    [Fact]
    public async Task Start_WithoutAWebhookToken_EndsWithOneSentence()
    {
        var (exitCode, output) = await Bot.TryAsync(("BotHost:BotToken", FakeTelegram.Token));

        exitCode.Should().Be(1);
        output.Trim().Should().Be("Set BotHost:WebhookToken to the webhookUrlToken of your instance; without it anybody could post calls.");
    }

    [Fact]
    public async Task Start_WithoutAChat_SaysWhatToDoAndLeavesTheCallsWithTheGateway()
    {
        await using var bot = await Bot.StartAsync(("BotHost:ChatId", ""));
        (await bot.PostAsync("{}")).Should().Be(404);
        bot.Output.Should().Contain("Set BotHost:ChatId to what the bot answers to /id in the chat of your operators.");
        bot.Instance.PlaceCall().Ring();
        bot.Instance.WaitingCount.Should().Be(1);

        bot.Set("BotHost:ChatId", $"{Bot.OperatorChat}");
        await bot.RestartAsync();

        await bot.Telegram.UntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.Messages[0].Text.Should().Be("Ringing: +70000000101");
    }

    [Theory]
    [InlineData(-1009876543210, "/id")]
    [InlineData(-1009876543210, "/id@calls_bot")]
    [InlineData(700000201, "/start")]
    [InlineData(700000201, "/start from-a-link")]
    public async Task Command_InAnyChat_IsAnsweredWithTheIdOfTheChat(long chatId, string command)
    {
        await using var bot = await Bot.StartAsync(("BotHost:ChatId", ""));

        bot.Telegram.Write(chatId, "Good morning");
        bot.Telegram.Write(chatId, command);

        await bot.Telegram.UntilAsync(telegram => telegram.Messages.Count > 0);
        bot.Telegram.Messages.Should().ContainSingle(message => message.ChatId == chatId && message.Text == $"Set BotHost:ChatId to {chatId}");
    }

    [Fact]
    public async Task Command_AfterAnAnswerThatFailed_IsAnsweredAgain()
    {
        await using var bot = await Bot.StartAsync();
        bot.Telegram.Suffer(new(500));
        bot.Telegram.Write(Bot.OperatorChat, "/id");
        await bot.Telegram.UntilAsync(telegram => telegram.Refused == 1);
        bot.Telegram.Suffer(null);

        bot.Telegram.Write(Bot.OperatorChat, "/id");

        await bot.Telegram.UntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.Messages[0].Text.Should().Be($"Set BotHost:ChatId to {Bot.OperatorChat}");
    }
}
