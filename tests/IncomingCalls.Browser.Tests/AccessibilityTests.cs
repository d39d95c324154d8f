using Deque.AxeCore.Playwright;
using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests;

/// <summary>What axe finds, in every state that a page shows, in light and dark.</summary>
public sealed class AccessibilityTests(BrowserRun run) : BrowserTests(run)
{
    private const int EnoughToScroll = 8;

    /// <summary>Without transitions, whose colours in between are nobody's design.</summary>
    private static readonly BrowserNewContextOptions[] Looks =
    [
        new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce },
        new() { ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce },
    ];

    [BrowserFact]
    public async Task Desk_WithoutCalls_HasNoSeriousFinding()
    {
        await StartDeskAsync();
        foreach (var look in Looks)
        {
            await HasNoSeriousFindingAsync(await OpenDeskAsync(look));
        }
    }

    [BrowserFact]
    public async Task Desk_WithCallsInEveryState_HasNoSeriousFinding()
    {
        await StartDeskAsync();
        for (var i = 0; i < EnoughToScroll; i++)
        {
            var call = Instance.CallFrom("Anna").Ring();
            _ = (i % 4) switch { 0 => call.Answer(), 1 => call.Drop(), 2 => call.Decline(), _ => call };
        }

        await HandledAsync();
        foreach (var look in Looks)
        {
            var desk = await OpenDeskAsync(look);
            await ShowsAsync(async () => (await desk.CallRowsAsync()).Should().HaveCount(EnoughToScroll)
                .And.Contain(["Anna: Ringing", "Anna: Answered", "Anna: Dropped", "Anna: Missed"]));
            await HasNoSeriousFindingAsync(desk);
        }
    }

    [BrowserFact]
    public async Task Inbox_WithSomethingInIt_HasNoSeriousFinding()
    {
        await StartDeskAsync();
        await PostAsync("{ no json");
        foreach (var look in Looks)
        {
            var inbox = await OpenInboxAsync(look);
            await ShowsAsync(async () => (await inbox.QuarantineRowsAsync()).Should().ContainSingle());
            await HasNoSeriousFindingAsync(inbox);
        }
    }

    private static async Task HasNoSeriousFindingAsync(PageView view)
    {
        var findings = await view.Page.RunAxe();

        findings.Passes.Should().NotBeEmpty();
        findings.Violations
            .Where(finding => finding.Impact is "serious" or "critical")
            .Select(finding => $"{finding.Id}: {finding.Help}: {string.Join(' ', finding.Nodes.Select(node => node.Html))}")
            .Should().BeEmpty();
    }
}
