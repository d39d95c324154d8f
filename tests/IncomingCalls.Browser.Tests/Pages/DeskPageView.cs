using System.Globalization;
using IncomingCalls.Processes;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Pages;

/// <summary>The page of the desk.</summary>
public sealed class DeskPageView(IPage page) : PageView(page)
{
    public ILocator Ringing => Page.Locator("#ringing");

    public ILocator Calls => Page.Locator("#calls");

    public ILocator Callbacks => Page.Locator("#callbacks");

    public ILocator Records => Page.Locator("#records");

    public ILocator StatusLink => Page.Locator("header a[href=status]");

    /// <summary>The switch for notifications of the browser.</summary>
    public ILocator NotificationToggle => Page.Locator("#alert-me");

    /// <summary>The text that says whether the page is connected.</summary>
    public ILocator ConnectionState => Page.Locator("#link");

    /// <summary>The open timeline of a caller.</summary>
    public ILocator Timeline => Page.Locator("dialog[open]");

    /// <summary>Gets a filter of the calls: all, answered or unanswered.</summary>
    public ILocator Filter(string name) => Page.Locator($"#filters [data-filter={name}]");

    /// <summary>Gets the button of the latest call with this caller name that opens the timeline.</summary>
    public ILocator CallerButton(string name) => RowOf(name).Locator("[data-do=open]");

    /// <summary>Gets the button that closes the open callback of the caller with this name.</summary>
    public ILocator CalledBackButton(string name) => Callbacks.Locator("> li", new() { HasText = name }).Locator("[data-do=back]");

    /// <summary>Gets the number of calls that a filter shows.</summary>
    public async Task<int> GetCountAsync(string filter) => int.Parse(await Filter(filter).Locator("b").InnerTextAsync(), CultureInfo.InvariantCulture);

    /// <summary>Gets the names of the ringing callers, longest ringing first.</summary>
    public async Task<string[]> GetRingingNamesAsync() => [.. (await ReadRowsAsync("#ringing")).Select(row => row["name"])];

    /// <summary>Gets the calls, newest first: "name: outcome".</summary>
    public async Task<string[]> GetCallRowsAsync() => [.. (await ReadRowsAsync("#calls")).Select(row => $"{row["name"]}: {row["outcome"]}")];

    /// <summary>Gets the open callbacks, oldest first: "name: calls and attempts".</summary>
    public async Task<string[]> GetCallbackRowsAsync() => [.. (await ReadRowsAsync("#callbacks")).Select(row => $"{row["name"]}: {row["calls"]}")];

    /// <summary>Gets the chat records, newest first: "name: text".</summary>
    public async Task<string[]> GetRecordRowsAsync() => [.. (await ReadRowsAsync("#records")).Select(row => $"{row["name"]}: {row["text"]}")];

    /// <summary>Gets the names of the alerts, newest first.</summary>
    public async Task<string[]> GetAlertNamesAsync() => [.. (await ReadRowsAsync("#alerts")).Select(row => row["name"])];

    /// <summary>Gets the texts of the timeline, oldest first.</summary>
    public async Task<string[]> GetTimelineRowsAsync() => [.. (await ReadRowsAsync("#timeline")).Select(row => row["text"])];

    /// <summary>Gets the ringing callers, calls, records and alerts, one line each.</summary>
    public async Task<string[]> GetAllRowsAsync() =>
    [
        .. (await GetRingingNamesAsync()).Select(row => $"rings: {row}"),
        .. (await GetCallRowsAsync()).Select(row => $"call: {row}"),
        .. (await GetRecordRowsAsync()).Select(row => $"record: {row}"),
        .. (await GetAlertNamesAsync()).Select(row => $"alert: {row}"),
    ];

    /// <summary>Waits until the page is connected to the server and has loaded all rows.</summary>
    public Task WaitUntilOnlineAsync() => WaitForConnectionStateAsync(online: true);

    /// <summary>Waits until the page has noticed that the server is unavailable.</summary>
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
