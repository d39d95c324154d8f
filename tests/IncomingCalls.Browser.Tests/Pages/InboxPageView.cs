using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Pages;

/// <summary>The page of what failed.</summary>
public sealed class InboxPageView(IPage page) : PageView(page)
{
    public ILocator DeskLink => Page.Locator("header a");

    /// <summary>What nobody could read: reason and length.</summary>
    public async Task<string[]> QuarantineRowsAsync() => [.. (await RowsAsync("#quarantine")).Select(row => row["what"])];

    /// <summary>A button of the topmost row of quarantine: replay or purge.</summary>
    public ILocator QuarantineButton(string what) => Page.Locator($"#quarantine > :first-child [data-do={what}]");
}
