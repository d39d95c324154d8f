using System.Globalization;
using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.EndToEnd.Tests.Nodes;
using IncomingCalls.Processes;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Nodes;

/// <summary>Three nodes with one PostgreSQL behind nginx, as docs/scaling-out.md shows it, and a page that is open through nginx.</summary>
[Collection(BrowserCollectionDefinition.Name)]
public sealed class NodesTests(BrowserFixture browser) : IAsyncLifetime
{
    private const int Nodes = 3;
    private const int CallsPerNode = 12;

    private readonly PageErrors _errors = new();
    private DeskNodes? _nodes;
    private NginxProcess? _nginx;
    private IBrowserContext? _context;

    private DeskNodes Desks => _nodes!;

    private HttpClient Proxy { get; } = new();

    public async Task InitializeAsync()
    {
        if (NodesFactAttribute.Missing is null)
        {
            _nodes = await DeskNodes.StartAsync(Nodes);
            _nginx = await NodesSite.StartAsync(_nodes.Addresses);
            Proxy.BaseAddress = new($"http://127.0.0.1:{_nginx.Port}");
        }
    }

    public async Task DisposeAsync()
    {
        Proxy.Dispose();
        foreach (var resource in new IAsyncDisposable?[] { _context, _nginx, _nodes }.OfType<IAsyncDisposable>())
        {
            await resource.DisposeAsync();
        }
    }

    [NodesFact]
    public async Task Page_EveryNodeKilledAndRestartedUnderLoad_ShowsEveryCallWithOneRecordPerStatus()
    {
        // What the browser itself logs when the node of its stream is killed, and when nginx has not found the next one yet.
        _errors.Expected.Add("Failed to load resource: net::ERR_");
        _errors.Expected.Add("Failed to load resource: the server responded with a status of 502");
        var page = await OpenAsync();
        List<string> calls = [];
        for (var node = 0; node < Nodes; node++)
        {
            string[] batch = [.. Enumerable.Range(0, CallsPerNode).Select(i => string.Create(CultureInfo.InvariantCulture, $"call-{node}-{i:D2}"))];
            var offers = PostAllAsync(batch, "offer");
            await Eventually.HoldsAsync(async () => (await page.GetCountAsync("all")).Should().BeGreaterThan(calls.Count));
            await Desks.KillAsync(node);
            await offers;
            await Task.WhenAll(Desks.StartNodeAsync(node), PostAllAsync(batch, "declined"));
            calls.AddRange(batch);
        }

        await Eventually.HoldsAsync(async () =>
        {
            (await Proxy.GetDeskRowsAsync("records")).Select(row => (row.CallId, row.Label))
                .Should().BeEquivalentTo(calls.SelectMany(call => new[] { (call, "IncomingCall"), (call, "MissedCall") }));
            (await Proxy.GetDeskRowsAsync("events")).Should().HaveCount(2 * calls.Count);
        });
        await Eventually.HoldsAsync(async () =>
        {
            (await page.GetCallRowsAsync()).Should().HaveCount(calls.Count).And.OnlyContain(row => row.EndsWith(": Missed", StringComparison.Ordinal));
            (await page.GetRecordRowsAsync()).Should().HaveCount(2 * calls.Count);
            (await page.GetRingingNamesAsync()).Should().BeEmpty();
        });
        (await page.Page.EvaluateAsync<string>("performance.getEntriesByType('navigation')[0].type")).Should().Be("navigate", "the page was not reloaded");
        _errors.Unexpected.Should().BeEmpty("the page should run without errors");
    }

    private Task PostAllAsync(string[] calls, string status) => Task.WhenAll(calls.Select(call => PostAsync(call, status)));

    /// <summary>Posts until the notification is acknowledged, as the gateway does.</summary>
    private async Task PostAsync(string call, string status)
    {
        var json = NotificationJson.CreateCall(DeskNodes.IdInstance, call, status);
        await Eventually.HoldsAsync(async () => (await Proxy.PostNotificationAsync(json, DeskNodes.Token)).Should().Be(200));
    }

    private async Task<DeskPageView> OpenAsync()
    {
        _context = await browser.Browser.NewContextAsync(new() { BaseURL = $"{Proxy.BaseAddress}" });
        var page = await _context.NewPageAsync();
        _errors.Watch(page);
        await page.GotoAsync("/");
        var desk = new DeskPageView(page);
        await desk.WaitUntilOnlineAsync();
        return desk;
    }
}

/// <summary>A test that needs a browser, PostgreSQL and nginx. Without one of them it is skipped, except under CI, where it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodesFactAttribute : FactAttribute
{
    public NodesFactAttribute() => Skip = Missing;

    public static string? Missing { get; } = Chromium.SkipReason ?? PostgresServer.Missing ?? NginxProcess.Missing;
}
