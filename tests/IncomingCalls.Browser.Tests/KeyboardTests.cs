using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests;

/// <summary>An operator who has no mouse, or no wish for one.</summary>
public sealed class KeyboardTests(BrowserRun run) : BrowserTests(run)
{
    [BrowserFact]
    public async Task Desk_ByTabAndEnter_IsUsedFromTopToBottom()
    {
        await StartDeskAsync();
        var desk = await OpenDeskAsync();
        Instance.CallFrom("Anna").Ring().Answer();
        Instance.CallFrom("Boris").Ring().Decline();
        await ShowsAsync(async () => (await desk.CallRowsAsync()).Should().BeEquivalentTo("Boris: Missed", "Anna: Answered"));

        await TabToAsync(desk, desk.InboxLink);
        await TabToAsync(desk, desk.Filter("all"));
        await TabToAsync(desk, desk.Filter("answered"));
        await TabToAsync(desk, desk.Filter("unanswered"));
        await desk.Page.Keyboard.PressAsync("Enter");
        await ShowsAsync(async () => (await desk.CallRowsAsync()).Should().Equal("Boris: Missed"));
        await TabToAsync(desk, desk.Calls.Locator("a[href='tel:+70000000102']"));

        await desk.InboxLink.FocusAsync();
        await desk.Page.Keyboard.PressAsync("Enter");
        await ShowsAsync(async () => (await desk.Heading.InnerTextAsync()).Should().Be("Inbox"));
    }

    [BrowserFact]
    public async Task Records_MoreThanFit_ScrollByArrows()
    {
        await StartDeskAsync();
        var desk = await OpenDeskAsync();
        for (var i = 0; i < 8; i++)
        {
            Instance.CallFrom("Anna").Ring().Answer();
        }

        await ShowsAsync(async () => (await desk.RecordRowsAsync()).Should().HaveCount(16));
        await desk.Calls.Locator("a").Last.FocusAsync();

        await TabToAsync(desk, desk.Records);
        await desk.Page.Keyboard.PressAsync("ArrowDown");

        await ShowsAsync(async () => (await desk.Records.EvaluateAsync<int>("list => list.scrollTop")).Should().BePositive());
    }

    [BrowserFact]
    public async Task Inbox_ByTabAndEnter_ReplaysAndPurges()
    {
        await StartDeskAsync();
        await PostAsync("{ no json");
        var inbox = await OpenInboxAsync();
        await ShowsAsync(async () => (await inbox.QuarantineRowsAsync()).Should().Equal("NotANotification, 9 B"));

        await TabToAsync(inbox, inbox.DeskLink);
        await TabToAsync(inbox, inbox.QuarantineButton("replay"));
        await TabToAsync(inbox, inbox.QuarantineButton("purge"));
        await inbox.Page.Keyboard.PressAsync("Enter");

        await ShowsAsync(async () => (await inbox.QuarantineRowsAsync()).Should().BeEmpty());
    }

    private static async Task TabToAsync(PageView view, ILocator next)
    {
        await view.Page.Keyboard.PressAsync("Tab");
        (await next.EvaluateAsync<bool>("element => element === document.activeElement")).Should().BeTrue(
            $"the focus should be on {next}, not on {await view.Focused.EvaluateAsync<string>("element => element.outerHTML")}");
    }
}
