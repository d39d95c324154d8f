using IncomingCalls.BotHost.Tests.Hosting;
using IncomingCalls.Testing;

namespace IncomingCalls.BotHost.Tests;

/// <summary>The id of a message is stored as soon as it is known, so a later attempt and a later process find it.</summary>
public sealed class RestartTests
{
    private const string Caller = "70000000101@c.us";

    // Long enough for the restart, also on a machine that is busy with other work.
    private static readonly (string, string) LongAlerts = ("IncomingCalls:AlertWindow", "00:30:00");
    private static readonly (string, string) ResultOnly = ("IncomingCalls:Scenario", "ResultOnly");
    private static readonly (string, string) LongNameWait = ("IncomingCalls:CallerNameWait", "00:01:00");

    [Fact]
    public async Task Offer_KilledBeforeTheEndOfTheAttempt_SendsNoSecondMessage()
    {
        await using var bot = await BotHostProcess.StartAsync(LongAlerts);
        var call = bot.Instance.PlaceCall(Caller);

        await bot.KillBeforeTheEndOfTheAttemptAsync(() => call.Ring());
        // The second attempt edits the message, and Telegram rejects the same text as "not modified".
        await bot.Telegram.WaitUntilAsync(telegram => telegram.RefusedCount == 1);
        call.Answer();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.VisibleMessages is [{ Text: "Answered: +70000000101" }]);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.Messages.Should().HaveCount(2);
    }

    [Fact]
    public async Task Outcome_KilledBeforeTheEndOfTheAttempt_SendsNoSecondMessage()
    {
        await using var bot = await BotHostProcess.StartAsync(ResultOnly);

        await bot.KillBeforeTheEndOfTheAttemptAsync(() => bot.Instance.PlaceCall(Caller).Miss());

        await bot.Telegram.WaitUntilAsync(telegram => telegram.RefusedCount == 1);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.Messages.Should().ContainSingle().Which.Texts.Should().Equal("Missed: +70000000101");
    }

    [Fact]
    public async Task Outcome_HandledAgainWithTheName_EditsItsMessage()
    {
        await using var bot = await BotHostProcess.StartAsync(ResultOnly, LongNameWait);

        await bot.KillBeforeTheEndOfTheAttemptAsync(
            () => bot.Instance.PlaceCall(Caller).Miss(),
            () => bot.Instance.Contacts[Caller] = new() { ContactName = "Anna" });

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages[0].Texts.Count == 2);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.Messages.Should().ContainSingle().Which.Texts.Should().Equal("Missed: +70000000101", "Missed: Anna");
    }

    [Fact]
    public async Task Outcome_HandledAgainAfterAnOperatorDeletedIt_IsNotShownAgain()
    {
        await using var bot = await BotHostProcess.StartAsync(ResultOnly);

        await bot.KillBeforeTheEndOfTheAttemptAsync(
            () => bot.Instance.PlaceCall(Caller).Miss(),
            () =>
            {
                bot.Instance.Contacts[Caller] = new() { ContactName = "Anna" };
                bot.Telegram.DeleteMessage(bot.Telegram.Messages[0]);
            });

        await bot.Telegram.WaitUntilAsync(telegram => telegram.RefusedCount == 1);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.VisibleMessages.Should().BeEmpty();
    }

    [Fact]
    public async Task Outcome_AfterARestart_DeletesTheAlertOfTheEarlierProcess()
    {
        await using var bot = await BotHostProcess.StartAsync(LongAlerts);
        var call = bot.Instance.PlaceCall(Caller).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        await bot.WaitUntilHandledAsync();

        await bot.RestartAsync();
        call.Drop();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.VisibleMessages is [{ Text: "Dropped: +70000000101" }]);
        bot.Telegram.Messages.Should().HaveCount(2);
    }

    [Fact]
    public async Task LaterOutcome_AfterARestart_EditsTheMessageOfTheEarlierProcess()
    {
        await using var bot = await BotHostProcess.StartAsync(ResultOnly);
        var call = bot.Instance.PlaceCall(Caller).Miss();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        await bot.WaitUntilHandledAsync();

        await bot.RestartAsync();
        call.Answer();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages[0].Texts.Count == 2);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.Messages.Should().ContainSingle().Which.Texts.Should().Equal("Missed: +70000000101", "Answered: +70000000101");
    }
}
