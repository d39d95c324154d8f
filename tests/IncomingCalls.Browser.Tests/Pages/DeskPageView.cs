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

    public ILocator StatusLink => Page.Locator("header a[href=status]");

    /// <summary>Turns notifications of the browser on and off.</summary>
    public ILocator NotificationToggle => Page.Locator("#alert-me");

    /// <summary>Whether the page is connected, in words.</summary>
    public ILocator ConnectionState => Page.Locator("#link");

    /// <summary>The timeline of a caller, when it is open.</summary>
    public ILocator Timeline => Page.Locator("dialog[open]");

    /// <summary>A filter of the calls: all, answered, unanswered or toCallBack.</summary>
    public ILocator Filter(string name) => Page.Locator($"#filters [data-filter={name}]");

    /// <summary>The name of the caller of the latest call of that name: a click opens the timeline.</summary>
    public ILocator CallerButton(string name) => RowOf(name).Locator("[data-do=open]");

    /// <summary>The button that says that the caller of the latest call of that name was called back.</summary>
    public ILocator CalledBackButton(string name) => RowOf(name).Locator("[data-do=back]");

    /// <summary>How many calls a filter says it shows.</summary>
    public async Task<int> GetCountAsync(string filter) => int.Parse(await Filter(filter).Locator("b").InnerTextAsync(), CultureInfo.InvariantCulture);

    /// <summary>Who rings, longest first.</summary>
    public async Task<string[]> GetRingingNamesAsync() => [.. (await ReadRowsAsync("#ringing")).Select(row => row["name"])];

    /// <summary>The calls, newest first: "name: outcome".</summary>
    public async Task<string[]> GetCallRowsAsync() => [.. (await ReadRowsAsync("#calls")).Select(row => $"{row["name"]}: {row["outcome"]}")];

    /// <summary>The chat records, newest first: "name: text".</summary>
    public async Task<string[]> GetRecordRowsAsync() => [.. (await ReadRowsAsync("#records")).Select(row => $"{row["name"]}: {row["text"]}")];

    /// <summary>The names of the alerts, newest first.</summary>
    public async Task<string[]> GetAlertNamesAsync() => [.. (await ReadRowsAsync("#alerts")).Select(row => row["name"])];

    /// <summary>What the timeline tells of its caller, oldest first.</summary>
    public async Task<string[]> GetTimelineRowsAsync() => [.. (await ReadRowsAsync("#timeline")).Select(row => row["text"])];

    /// <summary>Ringing, calls, records and alerts, a line each.</summary>
    public async Task<string[]> GetAllRowsAsync() =>
    [
        .. (await GetRingingNamesAsync()).Select(row => $"rings: {row}"),
        .. (await GetCallRowsAsync()).Select(row => $"call: {row}"),
        .. (await GetRecordRowsAsync()).Select(row => $"record: {row}"),
        .. (await GetAlertNamesAsync()).Select(row => $"alert: {row}"),
    ];

    /// <summary>Waits until the page follows the server.</summary>
    public Task WaitUntilOnlineAsync() => WaitForConnectionStateAsync(online: true);

    /// <summary>Waits until the page has noticed that the server is gone.</summary>
    public Task WaitUntilOfflineAsync() => WaitForConnectionStateAsync(online: false);

    public async Task ReloadAsync()
    {
        await Page.ReloadAsync();
        await WaitUntilOnlineAsync();
    }

    private ILocator RowOf(string name) => Calls.Locator("> li", new() { HasText = name }).First;

    private Task WaitForConnectionStateAsync(bool online) => Eventually.HoldsAsync(async () =>
        (await ConnectionState.GetAttributeAsync("data-online")).Should().Be(online ? "true" : "false"));
}
