using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Pages;

/// <summary>The page of what failed.</summary>
public sealed class InboxPageView(IPage page) : PageView(page)
{
    public ILocator DeskLink => Page.Locator("header a");

    /// <summary>Whose handler gave up: handler and event.</summary>
    public async Task<string[]> DeadLetterRowsAsync() => [.. (await RowsAsync("#dead-letters")).Select(row => row["what"])];

    /// <summary>What nobody could read: reason and length.</summary>
    public async Task<string[]> QuarantineRowsAsync() => [.. (await RowsAsync("#quarantine")).Select(row => row["what"])];

    /// <summary>A button of the topmost dead letter: replay or purge.</summary>
    public ILocator DeadLetterButton(string what) => Page.Locator($"#dead-letters > :first-child [data-do={what}]");

    /// <summary>The same of the topmost row of quarantine.</summary>
    public ILocator QuarantineButton(string what) => Page.Locator($"#quarantine > :first-child [data-do={what}]");
}
