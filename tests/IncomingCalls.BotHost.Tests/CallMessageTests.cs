using IncomingCalls.BotHost.Tests.Hosting;
using IncomingCalls.Processes;

namespace IncomingCalls.BotHost.Tests;

/// <summary>Operators see an alert while a call rings, and a message with its outcome afterwards.</summary>
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
    public async Task Outcome_AfterAnOffer_IsAMessageOfItsOwnAndTheAlertIsDeleted(string status, string state)
    {
        await using var bot = await BotHostProcess.StartAsync();
        var call = bot.Instance.PlaceCall(Caller).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);

        call.Send(status);

        await bot.Telegram.WaitUntilAsync(telegram => telegram is { Messages.Count: 2, VisibleMessages.Count: 1 });
        bot.Telegram.Messages.Select(message => (message.IsDeleted, message.Text)).Should().Equal((true, "Ringing: +70000000101"), (false, $"{state}: +70000000101"));
        bot.Telegram.Messages.Should().OnlyContain(message => message.Texts.Count == 1);
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
    public async Task Outcome_WithoutAlert_SendsItsMessageAndDeletesNone()
    {
        await using var bot = await BotHostProcess.StartAsync();

        bot.Instance.PlaceCall(Caller, call => call.TimestampShift = TimeSpan.FromMinutes(-10)).Ring().Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.VisibleMessages.Should().ContainSingle().Which.Texts.Should().Equal("Missed: +70000000101");
        bot.Telegram.RefusedCount.Should().Be(0);
    }

    [Fact]
    public async Task LaterOutcome_AnsweredOnAnotherDevice_EditsTheMessage()
    {
        await using var bot = await BotHostProcess.StartAsync();
        var call = bot.Instance.PlaceCall(Caller).Ring().Miss();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.VisibleMessages is [{ Text: "Missed: +70000000101" }]);

        call.Answer();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.VisibleMessages is [{ Texts.Count: 2 }]);
        bot.Telegram.VisibleMessages[0].Texts.Should().Equal("Missed: +70000000101", "Answered: +70000000101");
    }

    [Fact]
    public async Task CallerName_FoundLater_EditsTheAlert()
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
    public async Task Alert_ExpiredWithoutOutcome_SaysThatTheCallRang()
    {
        await using var bot = await BotHostProcess.StartAsync(("IncomingCalls:AlertWindow", "00:00:10"));

        bot.Instance.PlaceCall(Caller).Ring();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.VisibleMessages is [{ Texts.Count: 2 }]);
        bot.Telegram.Messages[0].Texts.Should().Equal("Ringing: +70000000101", "Rang: +70000000101");
    }

    [Fact]
    public async Task Notifications_Redelivered_SendNoFurtherMessages()
    {
        await using var bot = await BotHostProcess.StartAsync();

        var call = bot.Instance.PlaceCall(Caller).Ring().Repeat();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        call.Repeat().Answer().Repeat();

        await bot.Simulator.WaitUntilAcknowledgedAsync();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.VisibleMessages is [{ Text: "Answered: +70000000101" }]);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.Messages.Should().HaveCount(2);
        bot.Telegram.RefusedCount.Should().Be(0);
    }

    [Fact]
    public async Task OfferOnly_CallHasEnded_LeavesNoMessage()
    {
        await using var bot = await BotHostProcess.StartAsync(("IncomingCalls:Scenario", "OfferOnly"));
        var call = bot.Instance.PlaceCall(Caller).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);

        call.Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.VisibleMessages.Count == 0);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.Messages.Should().ContainSingle();
    }

    [Theory]
    [InlineData("ResultOnly", 1)]
    [InlineData("AlertAndResult", 2)]
    public async Task Outcome_AnyScenarioWithResults_LeavesOneMessage(string scenario, int sent)
    {
        await using var bot = await BotHostProcess.StartAsync(("IncomingCalls:Scenario", scenario));
        var call = bot.Instance.PlaceCall(Caller).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == sent - 1);

        call.Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.VisibleMessages is [{ Text: "Missed: +70000000101" }]);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.Messages.Should().HaveCount(sent);
    }
}
