using Deque.AxeCore.Playwright;
using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests;

/// <summary>What axe finds, in every state that a page shows, in light and dark.</summary>
public sealed class AccessibilityTests(BrowserRun run) : BrowserTests(run)
{
    private const int EnoughToScroll = 8;

    private static BrowserNewContextOptions Light => Look(ColorScheme.Light);

    private static BrowserNewContextOptions Dark => Look(ColorScheme.Dark);

    [BrowserFact]
    public async Task Desk_WithoutCallsAndWithCallsInEveryState_HasNoSeriousFinding()
    {
        await StartDeskAsync();
        DeskPageView[] desks = [await OpenDeskAsync(Light), await OpenDeskAsync(Dark)];
        await HaveNoSeriousFindingAsync(desks);

        for (var i = 0; i < EnoughToScroll; i++)
        {
            var call = Instance.CallFrom("Anna").Ring();
            _ = (i % 4) switch { 0 => call.Answer(), 1 => call.Drop(), 2 => call.Decline(), _ => call };
        }

        await HandledAsync();
        foreach (var desk in desks)
        {
            await ShowsAsync(async () => (await desk.CallRowsAsync()).Should().HaveCount(EnoughToScroll)
                .And.Contain(["Anna: Ringing", "Anna: Answered", "Anna: Dropped", "Anna: Missed"]));
        }

        await HaveNoSeriousFindingAsync(desks);
    }

    [BrowserFact]
    public async Task Inbox_WithSomethingInIt_HasNoSeriousFinding()
    {
        await StartDeskAsync();
        await PostAsync("{ no json");
        InboxPageView[] inboxes = [await OpenInboxAsync(Light), await OpenInboxAsync(Dark)];
        foreach (var inbox in inboxes)
        {
            await ShowsAsync(async () => (await inbox.QuarantineRowsAsync()).Should().ContainSingle());
        }

        await HaveNoSeriousFindingAsync(inboxes);
    }

    private static async Task HaveNoSeriousFindingAsync(IEnumerable<PageView> views)
    {
        foreach (var view in views)
        {
            var findings = await view.Page.RunAxe();

            findings.Passes.Should().NotBeEmpty();
            findings.Violations
                .Where(finding => finding.Impact is "serious" or "critical")
                .Select(finding => $"{finding.Id}: {finding.Help}: {string.Join(' ', finding.Nodes.Select(node => node.Html))}")
                .Should().BeEmpty();
        }
    }

    /// <summary>Without transitions, whose colours in between are nobody's design.</summary>
    private static BrowserNewContextOptions Look(ColorScheme scheme) => new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce };
}
