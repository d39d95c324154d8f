using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Pages;

/// <summary>The status page.</summary>
public sealed class StatusPageView(IPage page) : PageView(page)
{
    public ILocator DeskLink => Page.Locator("header a");

    public ILocator ExamineButton => Page.Locator("#examine");

    /// <summary>Gets the instances: "name: findings of the doctor".</summary>
    public async Task<string[]> GetInstanceRowsAsync() => [.. (await ReadRowsAsync("#instances")).Select(row => $"{row["name"]}: {row["findings"]}")];

    /// <summary>Gets the findings of the doctor, one text each.</summary>
    public async Task<IReadOnlyList<string>> GetFindingsAsync() => await Page.Locator("#instances li[data-severity]").AllTextContentsAsync();

    /// <summary>Gets the health checks: "name: status".</summary>
    public async Task<string[]> GetCheckRowsAsync() => [.. (await ReadRowsAsync("#checks")).Select(row => $"{row["name"]}: {row["status"]}")];

    /// <summary>Gets the dead letters: handler and event.</summary>
    public async Task<string[]> GetDeadLetterRowsAsync() => [.. (await ReadRowsAsync("#dead-letters")).Select(row => row["what"])];

    /// <summary>Gets the width of the text of the first dead letter, in pixels.</summary>
    public Task<double> GetDeadLetterWidthAsync() => Page.Locator("#dead-letters .who").First.EvaluateAsync<double>("text => text.getBoundingClientRect().width");

    /// <summary>Gets the quarantined items: reason and length.</summary>
    public async Task<string[]> GetQuarantineRowsAsync() => [.. (await ReadRowsAsync("#quarantine")).Select(row => row["what"])];

    /// <summary>Gets the times at which the quarantined items were received.</summary>
    public async Task<string[]> GetQuarantineTimesAsync() => [.. (await ReadRowsAsync("#quarantine")).Select(row => row["time"])];

    /// <summary>Gets a button of the first dead letter: replay or purge.</summary>
    public ILocator DeadLetterButton(string action) => Page.Locator($"#dead-letters > :first-child [data-do={action}]");

    /// <summary>Gets a button of the first quarantined item: replay or purge.</summary>
    public ILocator QuarantineButton(string action) => Page.Locator($"#quarantine > :first-child [data-do={action}]");
}
