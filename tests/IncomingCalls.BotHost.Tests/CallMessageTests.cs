using IncomingCalls.BotHost.Tests.Hosting;
using IncomingCalls.Processes;
using IncomingCalls.Testing;

namespace IncomingCalls.BotHost.Tests;

/// <summary>Operators see one message for each call, which is edited when the call changes.</summary>
public sealed class CallMessageTests
{
    private const string Caller = "70000000101@c.us";

    [Fact]
    public async Task Offer_LiveCall_SendsOneMessageToTheOperators()
    {
        await using var bot = await BotHostProcess.StartAsync();

        bot.Instance.PlaceCall(Caller).Ring();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.Messages.Should().ContainSingle(message => message.ChatId == BotHostProcess.OperatorChat && message.Text == "Ringing: +70000000101");
    }

    [Theory]
    [InlineData("pickUp", "Answered")]
    [InlineData("hungUp", "Dropped")]
    [InlineData("declined", "Missed")]
    [InlineData("missed", "Missed")]
    public async Task Outcome_AfterAnOffer_EditsItsMessage(string status, string state)
    {
        await using var bot = await BotHostProcess.StartAsync();
        var call = bot.Instance.PlaceCall(Caller).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);

        call.Send(status);

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages[0].Texts.Count == 2);
        bot.Telegram.Messages.Should().ContainSingle().Which.Texts.Should().Equal("Ringing: +70000000101", $"{state}: +70000000101");
    }

    [Theory]
    [InlineData("v3", "10000001")]
    [InlineData("telegram", "500000001")]
    public async Task Offer_OtherMessenger_ShowsTheAccountAndNoPhoneNumber(string typeInstance, string from)
    {
        await using var bot = await BotHostProcess.StartForMessengerAsync(typeInstance);

        bot.Instance.PlaceCall(from).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Instance.PlaceCall(from).Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);
        bot.Telegram.Messages.Select(message => message.Text).Should().Equal($"Ringing: {from}", $"Missed: {from}");
    }

    [Fact]
    public async Task Outcome_OfAGroup_IsOneMessageAndTheOfferNone()
    {
        const string Group = "-10000000000001";
        await using var bot = await BotHostProcess.StartForMessengerAsync("v3");

        bot.Instance.PlaceCall(Group).Ring().Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.Messages[0].Texts.Should().Equal($"Missed: {Group}");
    }

    [Fact]
    public async Task Outcome_DeliveredToBothHandlers_IsRetriedByNeither()
    {
        await using var bot = await BotHostProcess.StartAsync(("IncomingCalls:AlertWindow", "00:00:15"), ("IncomingCalls:RetryDelays:0", "00:00:00.1"));
        var call = bot.Instance.PlaceCall(Caller).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);

        call.Answer();
        // Both the withdrawal of the alert and the record edit the message; the second edit is rejected as "not modified".
        await bot.Telegram.WaitUntilAsync(telegram => telegram.RefusedCount == 1);

        // The time until the alert of the next caller expires is long enough for a retry.
        bot.Instance.PlaceCall("70000000102@c.us").Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Any(message => message.Text == "Rang: +70000000102"));
        bot.Telegram.RefusedCount.Should().Be(1);
    }

    [Fact]
    public async Task Outcome_WithoutEarlierMessage_SendsItsOwnMessage()
    {
        await using var bot = await BotHostProcess.StartAsync();

        bot.Instance.PlaceCall(Caller, call => call.TimestampShift = TimeSpan.FromMinutes(-10)).Ring().Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.Messages[0].Texts.Should().Equal("Missed: +70000000101");
    }

    [Fact]
    public async Task CallerName_FoundLater_EditsTheMessage()
    {
        await using var bot = await BotHostProcess.StartAsync();
        bot.Instance.Contacts[Caller] = new() { ContactName = "Anna" };
        bot.Simulator.DelayNext("getContactInfo", HeldAnswers.Delay);

        bot.Instance.PlaceCall(Caller).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Answers.Release();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages is [{ Texts.Count: 2 }]);
        bot.Telegram.Messages[0].Texts.Should().Equal("Ringing: +70000000101", "Ringing: Anna");
    }

    [Fact]
    public async Task Alert_Expired_IsNoLongerShownAsRinging()
    {
        await using var bot = await BotHostProcess.StartAsync(("IncomingCalls:AlertWindow", "00:00:10"));

        bot.Instance.PlaceCall(Caller).Ring();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages is [{ Texts.Count: 2 }]);
        bot.Telegram.Messages[0].Text.Should().Be("Rang: +70000000101");
    }

    [Fact]
    public async Task Offer_Duplicate_SendsNoSecondMessage()
    {
        await using var bot = await BotHostProcess.StartAsync();

        bot.Instance.PlaceCall(Caller).Ring().Repeat().Repeat().Answer();

        await bot.Simulator.WaitUntilAcknowledgedAsync();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages is [{ Text: "Answered: +70000000101" }]);
        bot.Telegram.Messages.Should().ContainSingle();
    }

    [Fact]
    public async Task Offer_HandledAgainAfterACrash_ReusesItsMessage()
    {
        await using var bot = await BotHostProcess.StartAsync();
        var call = await PlaceRingingCallAsync(bot);

        // Without its inbox file the bot does not know the call any more, so the notifier is called again, and Telegram rejects the same text as "not modified".
        await bot.RestartAsync(folder => folder.DeleteInbox());
        call.Repeat();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.RefusedCount == 1);
        call.Answer();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages[0].Texts.Count == 2);
        bot.Telegram.Messages.Where(message => message.Texts[0].Contains("101")).Should().ContainSingle(message => message.Text == "Answered: +70000000101");
    }

    [Fact]
    public async Task Outcome_AfterARestart_EditsTheMessageOfTheEarlierProcess()
    {
        await using var bot = await BotHostProcess.StartAsync();
        var call = await PlaceRingingCallAsync(bot);

        await bot.RestartAsync();
        call.Drop();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages[0].Texts.Count == 2);
        bot.Telegram.Messages.Where(message => message.Texts[0].Contains("101")).Should().ContainSingle(message => message.Text == "Dropped: +70000000101");
    }

    /// <summary>
    /// Places a ringing call, and waits until the id of its message is stored on the disk: messages are sent one at a time, so the message of a second
    /// call is sent after the first is stored.
    /// </summary>
    private static async Task<SimulatedCall> PlaceRingingCallAsync(BotHostProcess bot)
    {
        var call = bot.Instance.PlaceCall(Caller).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Instance.PlaceCall("70000000102@c.us").Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);
        return call;
    }
}
