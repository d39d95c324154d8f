using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests;

/// <summary>The page of what failed, with one dead letter and one item in quarantine.</summary>
public sealed class InboxTests(BrowserRun run) : BrowserTests(run)
{
    [BrowserFact]
    public async Task Inbox_ByTabAndEnter_ReplaysAndPurges()
    {
        await FailAsync();
        var inbox = await OpenAsync();
        await inbox.TabToAsync(inbox.DeskLink);
        await inbox.TabToAsync(inbox.DeadLetterButton("replay"));
        Sql("ALTER TABLE Elsewhere RENAME TO Records");
        await inbox.Page.Keyboard.PressAsync("Enter");
        await ShowsAsync(async () => (await inbox.DeadLetterRowsAsync()).Should().BeEmpty());

        await inbox.DeskLink.FocusAsync();
        await inbox.TabToAsync(inbox.QuarantineButton("replay"));
        await inbox.TabToAsync(inbox.QuarantineButton("purge"));
        await inbox.Page.Keyboard.PressAsync("Enter");
        await ShowsAsync(async () => (await inbox.QuarantineRowsAsync()).Should().BeEmpty());

        var desk = await OpenDeskAsync();
        await ShowsAsync(async () => (await desk.RecordRowsAsync()).Should().Equal("Anna: Missed call"));
    }

    [BrowserFact]
    public async Task Inbox_OnAPhone_FitsTheWidth()
    {
        await FailAsync();

        (await (await OpenAsync(Look.Phone)).OverhangAsync()).Should().Be(0);
    }

    [BrowserFact]
    public async Task Inbox_InLightAndDark_HasNoSeriousFinding()
    {
        await FailAsync();

        await Axe.FindsNothingSeriousAsync([await OpenAsync(Look.Light), await OpenAsync(Look.Dark)]);
    }

    /// <summary>A record that cannot be written, and a notification that cannot be read.</summary>
    private async Task FailAsync()
    {
        Settings["IncomingCalls:Retries:0"] = "00:00:00.1";
        await StartDeskAsync();
        Sql("ALTER TABLE Records RENAME TO Elsewhere");
        Instance.CallFrom("Anna").Decline();
        await PostAsync("{ no json");
    }

    private async Task<InboxPageView> OpenAsync(BrowserNewContextOptions? options = null)
    {
        var inbox = await OpenInboxAsync(options);
        await ShowsAsync(async () => (await inbox.DeadLetterRowsAsync()).Should().ContainSingle().Which.Should().StartWith("CallDesk.Handlers.DeskRecorder: "));
        await ShowsAsync(async () => (await inbox.QuarantineRowsAsync()).Should().Equal("NotANotification, 9 B"));
        return inbox;
    }
}
