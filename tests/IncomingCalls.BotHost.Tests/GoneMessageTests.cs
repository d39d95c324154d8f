using IncomingCalls.BotHost.Tests.Hosting;
using IncomingCalls.BotHost.Tests.Telegram;
using IncomingCalls.Processes;
using IncomingCalls.Testing;

namespace IncomingCalls.BotHost.Tests;

/// <summary>Messages that are gone: deleted by an operator, or in a group that has become a supergroup.</summary>
public sealed class GoneMessageTests
{
    private const string Caller = "70000000101@c.us";
    private const long Supergroup = -1009876543210;

    private static readonly (string, string) ResultOnly = ("IncomingCalls:Scenario", "ResultOnly");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Outcome_AlertCannotBeDeleted_IsShownAndTheDeletionNotRetried(bool isDeleted)
    {
        await using var bot = await BotHostProcess.StartAsync();
        var call = bot.Instance.PlaceCall(Caller).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        Action<TelegramMessage> change = isDeleted ? bot.Telegram.DeleteMessage : bot.Telegram.ProtectMessage;
        change(bot.Telegram.Messages[0]);

        call.Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram is { Messages.Count: 2, RefusedCount: 1 });
        await bot.WaitUntilHandledAsync();
        bot.Telegram.RefusedCount.Should().Be(1);
        bot.Telegram.Messages[1].Should().BeEquivalentTo(new { ChatId = BotHostProcess.OperatorChat, Text = "Missed: +70000000101", IsDeleted = false });
    }

    [Fact]
    public async Task LaterOutcome_OperatorDeletedTheMessage_IsANewMessageThatTheNextOneEdits()
    {
        await using var bot = await BotHostProcess.StartAsync(ResultOnly);
        var call = bot.Instance.PlaceCall(Caller).Miss();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.DeleteMessage(bot.Telegram.Messages[0]);

        call.Drop();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);
        call.Answer();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages[1].Texts.Count == 2);
        bot.Telegram.VisibleMessages.Should().ContainSingle().Which.Texts.Should().Equal("Dropped: +70000000101", "Answered: +70000000101");
    }

    [Fact]
    public async Task CallerName_OperatorDeletedTheAlert_DoesNotRingAgain()
    {
        await using var bot = await BotHostProcess.StartAsync();
        bot.Instance.Contacts[Caller] = new() { ContactName = "Anna" };
        bot.Simulator.DelayNext("getContactInfo", HeldAnswers.Delay);
        var call = bot.Instance.PlaceCall(Caller).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);

        bot.Telegram.DeleteMessage(bot.Telegram.Messages[0]);
        bot.Answers.Release();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.RefusedCount == 1);
        call.Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.Messages.Select(message => message.Text).Should().Equal("Ringing: +70000000101", "Missed: Anna");
    }

    [Fact]
    public async Task Offer_GroupBecameASupergroup_IsSentToItAtOnceAndLoggedWithTheSetting()
    {
        await using var bot = await BotHostProcess.StartAsync();
        bot.Telegram.UpgradeToSupergroup(BotHostProcess.OperatorChat, Supergroup);

        bot.Instance.PlaceCall(Caller).Ring();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages is [{ ChatId: Supergroup, Text: "Ringing: +70000000101" }]);
        bot.Telegram.RefusedCount.Should().Be(1, "one request was sent to the former group");
        await Eventually.HoldsAsync(() => bot.Output.Should().Contain($"Set BotHost:ChatId to {Supergroup}."));
    }

    [Fact]
    public async Task Offers_AtOnceInTheFormerGroup_AreAllSentToTheSupergroupInTheirFirstAttempt()
    {
        await using var bot = await BotHostProcess.StartAsync();
        bot.Telegram.UpgradeToSupergroup(BotHostProcess.OperatorChat, Supergroup);
        bot.Telegram.HoldAnswers();

        foreach (var caller in Enumerable.Range(101, 3))
        {
            bot.Instance.PlaceCall($"70000000{caller}@c.us").Ring();
        }

        await bot.Telegram.WaitUntilAsync(telegram => telegram.RefusedCount == 3);
        bot.Telegram.ReleaseAnswers();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count(message => message.ChatId == Supergroup) == 3);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.Messages.Should().HaveCount(3);
        bot.Output.Should().NotContain("failed for event");
    }

    [Fact]
    public async Task Outcome_GroupBecameASupergroup_IsShownThereAndTheAlertStays()
    {
        await using var bot = await BotHostProcess.StartAsync();
        var call = bot.Instance.PlaceCall(Caller).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.UpgradeToSupergroup(BotHostProcess.OperatorChat, Supergroup);

        call.Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.VisibleMessages[0].Texts.Should().Equal("Ringing: +70000000101");
        bot.Telegram.VisibleMessages[1].Should().BeEquivalentTo(new { ChatId = Supergroup, Text = "Missed: +70000000101" });
    }

    [Fact]
    public async Task LaterOutcome_GroupBecameASupergroup_IsANewMessageThere()
    {
        await using var bot = await BotHostProcess.StartAsync(ResultOnly);
        var call = bot.Instance.PlaceCall(Caller).Miss();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.UpgradeToSupergroup(BotHostProcess.OperatorChat, Supergroup);

        call.Answer();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);
        bot.Telegram.Messages.Select(message => (message.ChatId, message.Text)).Should()
            .Equal((BotHostProcess.OperatorChat, "Missed: +70000000101"), (Supergroup, "Answered: +70000000101"));
    }

    [Fact]
    public async Task LaterOutcome_OtherChatIsConfigured_IsANewMessageThere()
    {
        const long OtherChat = -1005555555555;
        await using var bot = await BotHostProcess.StartAsync(ResultOnly);
        var call = bot.Instance.PlaceCall(Caller).Miss();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        await bot.WaitUntilHandledAsync();
        bot.SetSetting("BotHost:ChatId", $"{OtherChat}");
        await bot.RestartAsync();

        call.Answer();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2 || telegram.Messages[0].Texts.Count == 2);
        bot.Telegram.Messages.Select(message => (message.ChatId, message.Text)).Should().Equal((BotHostProcess.OperatorChat, "Missed: +70000000101"), (OtherChat, "Answered: +70000000101"));
    }

    /// <summary>The first message of the supergroup has the same id as the alert of the first call in the former group.</summary>
    [Fact]
    public async Task Outcome_AlertIsInTheFormerGroup_DeletesNoMessageOfAnotherCall()
    {
        await using var bot = await BotHostProcess.StartAsync();
        var call = bot.Instance.PlaceCall(Caller).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.UpgradeToSupergroup(BotHostProcess.OperatorChat, Supergroup);
        bot.Instance.PlaceCall("70000000102@c.us").Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);

        call.Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 3);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.VisibleMessages.Select(message => message.Text).Should().Equal("Ringing: +70000000101", "Ringing: +70000000102", "Missed: +70000000101");
        bot.Telegram.Messages[1].Id.Should().Be(bot.Telegram.Messages[0].Id);
    }

    /// <summary>The first message of the supergroup has the same id as the outcome of the first call in the former group.</summary>
    [Fact]
    public async Task LaterOutcome_MessageIsInTheFormerGroup_EditsNoMessageOfAnotherCall()
    {
        await using var bot = await BotHostProcess.StartAsync(ResultOnly);
        var call = bot.Instance.PlaceCall(Caller).Miss();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.UpgradeToSupergroup(BotHostProcess.OperatorChat, Supergroup);
        bot.Instance.PlaceCall("70000000102@c.us").Miss();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);

        call.Answer();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 3);
        bot.Telegram.Messages.Select(message => message.Text).Should().Equal("Missed: +70000000101", "Missed: +70000000102", "Answered: +70000000101");
        bot.Telegram.Messages[1].Id.Should().Be(bot.Telegram.Messages[0].Id);
    }

    [Fact]
    public async Task Restart_AfterTheMigration_UsesTheSupergroupUntilTheSettingChanges()
    {
        await using var bot = await BotHostProcess.StartAsync();
        bot.Telegram.UpgradeToSupergroup(BotHostProcess.OperatorChat, Supergroup);
        bot.Instance.PlaceCall(Caller).Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        await bot.WaitUntilHandledAsync();

        await bot.RestartAsync();
        bot.Instance.PlaceCall("70000000102@c.us").Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);
        await bot.WaitUntilHandledAsync();
        bot.Telegram.RefusedCount.Should().Be(1, "only the request before the restart was sent to the former group");
        await Eventually.HoldsAsync(() => bot.Output.Should().Contain($"Set BotHost:ChatId to {Supergroup}."));

        bot.SetSetting("BotHost:ChatId", "-1005555555555");
        await bot.RestartAsync();
        bot.Instance.PlaceCall("70000000103@c.us").Ring();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 3);
        bot.Telegram.Messages.Select(message => message.ChatId).Should().Equal(Supergroup, Supergroup, -1005555555555);
    }
}
