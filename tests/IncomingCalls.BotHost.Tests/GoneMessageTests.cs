using IncomingCalls.BotHost.Tests.Hosting;
using IncomingCalls.Processes;

namespace IncomingCalls.BotHost.Tests;

/// <summary>An outcome is shown although the message of its call is gone: deleted by an operator, or in a group that has become a supergroup.</summary>
public sealed class GoneMessageTests
{
    private const long Supergroup = -1009876543210;

    [Fact]
    public async Task Outcome_OperatorDeletedTheMessage_IsANewMessage()
    {
        await using var bot = await BotHostProcess.StartAsync();
        var call = bot.Instance.PlaceCall().Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.DeleteMessage(bot.Telegram.Messages[0]);

        call.Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);
        bot.Telegram.Messages[1].Texts.Should().Equal("Missed: +70000000101");
        bot.Telegram.Messages[1].ChatId.Should().Be(BotHostProcess.OperatorChat);
    }

    [Fact]
    public async Task LaterOutcome_MessageWasReplaced_EditsTheNewMessage()
    {
        await using var bot = await BotHostProcess.StartAsync();
        var call = bot.Instance.PlaceCall().Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.DeleteMessage(bot.Telegram.Messages[0]);
        call.Miss();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);

        call.Answer();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages[1].Text == "Answered: +70000000101");
        bot.Telegram.Messages.Should().HaveCount(2);
    }

    [Fact]
    public async Task CallerName_OperatorDeletedTheMessage_DoesNotRingAgain()
    {
        await using var bot = await BotHostProcess.StartAsync();
        bot.Instance.Contacts["70000000101@c.us"] = new() { ContactName = "Anna" };
        bot.Simulator.DelayNext("getContactInfo", HeldAnswers.Delay);
        bot.Instance.PlaceCall("70000000101@c.us").Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);

        bot.Telegram.DeleteMessage(bot.Telegram.Messages[0]);
        bot.Answers.Release();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.RefusedCount == 1);
        bot.Telegram.Messages.Should().ContainSingle(message => message.Text == "Ringing: +70000000101");
    }

    [Fact]
    public async Task Offer_GroupBecameASupergroup_IsSentToItAtOnceAndLoggedWithTheSetting()
    {
        await using var bot = await BotHostProcess.StartAsync();
        bot.Telegram.UpgradeToSupergroup(BotHostProcess.OperatorChat, Supergroup);

        bot.Instance.PlaceCall().Ring().Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages is [{ Text: "Missed: +70000000101" }]);
        bot.Telegram.Messages.Should().ContainSingle(message => message.ChatId == Supergroup);
        bot.Telegram.RefusedCount.Should().BeLessThanOrEqualTo(2, "one request to the former group, and an edit without a change");
        await Eventually.HoldsAsync(() => bot.Output.Should().Contain($"Set BotHost:ChatId to {Supergroup}."));
    }

    [Fact]
    public async Task Outcome_GroupBecameASupergroup_IsANewMessageThere()
    {
        await using var bot = await BotHostProcess.StartAsync();
        var call = bot.Instance.PlaceCall().Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.UpgradeToSupergroup(BotHostProcess.OperatorChat, Supergroup);

        call.Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);
        bot.Telegram.Messages[0].Texts.Should().Equal("Ringing: +70000000101");
        bot.Telegram.Messages[1].Should().BeEquivalentTo(new { ChatId = Supergroup, Text = "Missed: +70000000101" });
    }

    /// <summary>The first message of the supergroup has the same id as that of the ringing call in the former group.</summary>
    [Fact]
    public async Task Outcome_MessageIsInTheFormerGroup_EditsNoMessageOfAnotherCall()
    {
        await using var bot = await BotHostProcess.StartAsync();
        var call = bot.Instance.PlaceCall("70000000101@c.us").Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);
        bot.Telegram.UpgradeToSupergroup(BotHostProcess.OperatorChat, Supergroup);
        bot.Instance.PlaceCall("70000000102@c.us").Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);

        call.Miss();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 3);
        bot.Telegram.Messages.Select(message => message.Text).Should().Equal("Ringing: +70000000101", "Ringing: +70000000102", "Missed: +70000000101");
        bot.Telegram.Messages[1].Id.Should().Be(bot.Telegram.Messages[0].Id);
    }

    [Fact]
    public async Task Restart_AfterTheMigration_UsesTheSupergroupUntilTheSettingChanges()
    {
        await using var bot = await BotHostProcess.StartAsync();
        bot.Telegram.UpgradeToSupergroup(BotHostProcess.OperatorChat, Supergroup);
        bot.Instance.PlaceCall("70000000101@c.us").Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 1);

        await bot.RestartAsync();
        bot.Instance.PlaceCall("70000000102@c.us").Ring();
        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 2);
        bot.Telegram.RefusedCount.Should().Be(1, "only the request before the restart was sent to the former group");
        await Eventually.HoldsAsync(() => bot.Output.Should().Contain($"Set BotHost:ChatId to {Supergroup}."));

        bot.SetSetting("BotHost:ChatId", "-1005555555555");
        await bot.RestartAsync();
        bot.Instance.PlaceCall("70000000103@c.us").Ring();

        await bot.Telegram.WaitUntilAsync(telegram => telegram.Messages.Count == 3);
        bot.Telegram.Messages.Select(message => message.ChatId).Should().Equal(Supergroup, Supergroup, -1005555555555);
    }
}
