using System.Globalization;
using IncomingCalls.Processes;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Pages;

/// <summary>The desk as an operator sees it.</summary>
public sealed class DeskPageView(IPage page) : PageView(page)
{
    public ILocator Ringing => Page.Locator("#ringing");

    public ILocator Calls => Page.Locator("#calls");

    public ILocator Records => Page.Locator("#records");

    public ILocator InboxLink => Page.Locator("header a[href=status]");

    /// <summary>Whether the page is connected, in words.</summary>
    public ILocator Link => Page.Locator("#link");

    /// <summary>A filter of the calls: all, answered or unanswered.</summary>
    public ILocator Filter(string name) => Page.Locator($"#filters [data-filter={name}]");

    /// <summary>How many calls a filter says it shows.</summary>
    public async Task<int> CountAsync(string filter) => int.Parse(await Filter(filter).Locator("b").InnerTextAsync(), CultureInfo.InvariantCulture);

    /// <summary>Who rings, longest first.</summary>
    public async Task<string[]> RingingNamesAsync() => [.. (await RowsAsync("#ringing")).Select(row => row["name"])];

    /// <summary>The calls, newest first: "name: outcome".</summary>
    public async Task<string[]> CallRowsAsync() => [.. (await RowsAsync("#calls")).Select(row => $"{row["name"]}: {row["outcome"]}")];

    /// <summary>The chat records, newest first: "name: text".</summary>
    public async Task<string[]> RecordRowsAsync() => [.. (await RowsAsync("#records")).Select(row => $"{row["name"]}: {row["text"]}")];

    /// <summary>The names of the alerts, newest first.</summary>
    public async Task<string[]> AlertNamesAsync() => [.. (await RowsAsync("#alerts")).Select(row => row["name"])];

    /// <summary>All of the above, a line each.</summary>
    public async Task<string[]> EverythingAsync() =>
    [
        .. (await RingingNamesAsync()).Select(row => $"rings: {row}"),
        .. (await CallRowsAsync()).Select(row => $"call: {row}"),
        .. (await RecordRowsAsync()).Select(row => $"record: {row}"),
        .. (await AlertNamesAsync()).Select(row => $"alert: {row}"),
    ];

    /// <summary>Waits until the page follows the server.</summary>
    public Task IsOnlineAsync() => LinkIsAsync(online: true);

    /// <summary>Waits until the page has noticed that the server is gone.</summary>
    public Task IsOfflineAsync() => LinkIsAsync(online: false);

    public async Task ReloadAsync()
    {
        await Page.ReloadAsync();
        await IsOnlineAsync();
    }

    private Task LinkIsAsync(bool online) => Eventually.HoldsAsync(async () =>
        (await Link.GetAttributeAsync("data-online")).Should().Be(online ? "true" : "false"));
}
