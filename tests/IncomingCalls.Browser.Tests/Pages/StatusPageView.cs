using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Pages;

/// <summary>The state of the desk, and what failed.</summary>
public sealed class StatusPageView(IPage page) : PageView(page)
{
    public ILocator DeskLink => Page.Locator("header a");

    public ILocator ExamineButton => Page.Locator("#examine");

    /// <summary>The instances: name, and what the doctor found.</summary>
    public async Task<string[]> GetInstanceRowsAsync() => [.. (await ReadRowsAsync("#instances")).Select(row => $"{row["name"]}: {row["findings"]}")];

    /// <summary>The health checks: "name: status".</summary>
    public async Task<string[]> GetCheckRowsAsync() => [.. (await ReadRowsAsync("#checks")).Select(row => $"{row["name"]}: {row["status"]}")];

    /// <summary>Whose handler gave up: handler and event.</summary>
    public async Task<string[]> GetDeadLetterRowsAsync() => [.. (await ReadRowsAsync("#dead-letters")).Select(row => row["what"])];

    /// <summary>How much room the text of the topmost dead letter has, in pixels.</summary>
    public Task<double> GetDeadLetterWidthAsync() => Page.Locator("#dead-letters .who").First.EvaluateAsync<double>("text => text.getBoundingClientRect().width");

    /// <summary>What nobody could read: reason and length.</summary>
    public async Task<string[]> GetQuarantineRowsAsync() => [.. (await ReadRowsAsync("#quarantine")).Select(row => row["what"])];

    /// <summary>When it came.</summary>
    public async Task<string[]> GetQuarantineTimesAsync() => [.. (await ReadRowsAsync("#quarantine")).Select(row => row["time"])];

    /// <summary>A button of the topmost dead letter: replay or purge.</summary>
    public ILocator DeadLetterButton(string what) => Page.Locator($"#dead-letters > :first-child [data-do={what}]");

    /// <summary>The same of the topmost row of quarantine.</summary>
    public ILocator QuarantineButton(string what) => Page.Locator($"#quarantine > :first-child [data-do={what}]");
}
