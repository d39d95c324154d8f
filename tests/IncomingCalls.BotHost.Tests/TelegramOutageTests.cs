using IncomingCalls.BotHost.Tests.Hosting;
using IncomingCalls.BotHost.Tests.Telegram;

namespace IncomingCalls.BotHost.Tests;

/// <summary>An outage of Telegram does not affect the acknowledgement of notifications.</summary>
public sealed class TelegramOutageTests
{
    private static readonly TelegramOutage Broken = new(500);

    [Theory]
    [InlineData(500, null)]
    [InlineData(429, 1)]
    public async Task Outcome_DuringAnOutage_IsAcknowledgedAndSentAfterwards(int statusCode, int? retryAfter)
    {
        await using var bot = await BotHostProcess.StartAsync();
        var call = bot.Instance.PlaceCall().Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);

        bot.Telegram.SetOutage(new(statusCode, retryAfter));
        call.Miss();
        await bot.Simulator.WaitUntilAcknowledgedAsync();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.RefusedCount > 0);
        bot.Telegram.SetOutage(null);

        await bot.Telegram.WaitUntilAsync(telegram => telegram.VisibleMessages is [{ Text: "Missed: +70000000101" }]);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.Messages.Should().HaveCount(2);
    }

    [Fact]
    public async Task Outcome_WithoutAlert_IsSentByTheRecorderAfterTheOutage()
    {
        await using var bot = await BotHostProcess.StartAsync();
        bot.Telegram.SetOutage(Broken);

        bot.Instance.PlaceCall(configure: call => call.TimestampShift = TimeSpan.FromMinutes(-10)).Ring().Answer();
        await bot.Simulator.WaitUntilAcknowledgedAsync();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.RefusedCount > 0);
        bot.Telegram.SetOutage(null);

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count > 0);
        bot.Telegram.Messages.Should().ContainSingle(message => message.Text == "Answered: +70000000101");
    }

    [Fact]
    public async Task Calls_DuringAnOutage_AreAllAcknowledgedAndSentAfterwards()
    {
        await using var bot = await BotHostProcess.StartAsync();
        bot.Telegram.SetOutage(Broken);

        foreach (var caller in Enumerable.Range(101, 5))
        {
            bot.Instance.PlaceCall($"70000000{caller}@c.us").Ring().Drop();
        }

        await bot.Simulator.WaitUntilAcknowledgedAsync();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.RefusedCount >= 5);
        bot.Instance.History.Should().OnlyContain(notification => notification.Deliveries.Count == 1);
        bot.Telegram.SetOutage(null);

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count(message => message.Text.Contains("Dropped")) == 5);
        bot.Telegram.Messages.Should().HaveCount(5);
    }

    [Fact]
    public async Task Log_DuringAnOutage_ContainsNoTokensAndNoPhoneNumbers()
    {
        await using var bot = await BotHostProcess.StartAsync();
        bot.Telegram.SetOutage(Broken);
        bot.Instance.PlaceCall().Ring().Miss();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.RefusedCount >= 2);
        bot.Telegram.SetOutage(null);
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Any(message => message.Text.Contains("Missed")));

        bot.Output.Should().NotContainAny(FakeTelegram.Token, BotHostProcess.WebhookToken, bot.Instance.ApiTokenInstance, "70000000101");
    }
}
