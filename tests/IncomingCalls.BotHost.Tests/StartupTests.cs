using IncomingCalls.BotHost.Tests.Hosting;
using IncomingCalls.BotHost.Tests.Telegram;

namespace IncomingCalls.BotHost.Tests;

/// <summary>The setup of the bot, from an empty configuration to the id of the chat.</summary>
public sealed class StartupTests
{
    [Fact]
    public async Task Start_WithoutBotToken_ExitsWithAnError()
    {
        var (exitCode, output) = await BotHostProcess.RunToExitAsync();

        exitCode.Should().Be(1);
        output.Trim().Should().Be("Set BotHost:BotToken to the token that @BotFather gave your bot.");
    }

    [Fact]
    public async Task Start_WithoutWebhookToken_ExitsWithAnError()
    {
        var (exitCode, output) = await BotHostProcess.RunToExitAsync(("BotHost:BotToken", FakeTelegram.Token));

        exitCode.Should().NotBe(0);
        output.Should().Contain("IncomingCalls:Webhook:Tokens contains no token, so every client could post calls.");
    }

    [Fact]
    public async Task Start_WithoutChat_LogsWhatToDoAndLeavesCallsInTheGateway()
    {
        await using var bot = await BotHostProcess.StartAsync(("BotHost:ChatId", ""));
        (await bot.PostAsync("{}")).Should().Be(404);
        bot.Output.Should().Contain("BotHost:ChatId is not set. Set it to the id that the bot answers to /id in the chat of your operators");
        bot.Instance.PlaceCall().Ring();
        bot.Instance.WaitingCount.Should().Be(1);

        bot.SetSetting("BotHost:ChatId", $"{BotHostProcess.OperatorChat}");
        await bot.RestartAsync();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.Messages[0].Text.Should().Be("Ringing: +70000000101");
    }

    [Theory]
    [InlineData(-1009876543210, "/id")]
    [InlineData(-1009876543210, "/id@calls_bot")]
    [InlineData(700000201, "/start")]
    [InlineData(700000201, "/start from-a-link")]
    public async Task Command_AnyChat_IsAnsweredWithTheChatId(long chatId, string command)
    {
        await using var bot = await BotHostProcess.StartAsync(("BotHost:ChatId", ""));

        bot.Telegram.ReceiveUserMessage(chatId, "Good morning");
        bot.Telegram.ReceiveUserMessage(chatId, command);

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count > 0);
        bot.Telegram.Messages.Should().ContainSingle(message => message.ChatId == chatId && message.Text == $"Set BotHost:ChatId to {chatId}");
    }

    [Fact]
    public async Task Command_FirstAnswerFails_IsAnsweredAgain()
    {
        await using var bot = await BotHostProcess.StartAsync();
        bot.Telegram.SetOutage(new(500));
        bot.Telegram.ReceiveUserMessage(BotHostProcess.OperatorChat, "/id");
        await bot.Telegram.WaitUntilAsync(telegram => telegram.RefusedCount == 1);
        bot.Telegram.SetOutage(null);

        bot.Telegram.ReceiveUserMessage(BotHostProcess.OperatorChat, "/id");

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.Messages[0].Text.Should().Be($"Set BotHost:ChatId to {BotHostProcess.OperatorChat}");
    }
}
