using IncomingCalls.Browser.Tests.Pages;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;
using IncomingCalls.Testing;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>
/// The base of tests of the pages: a gateway with an instance, a desk that polls it, and any number of operators, each with a separate
/// browser context. An error in a page fails the test unless the test expects it.
/// </summary>
[Collection(BrowserCollectionDefinition.Name)]
public abstract class BrowserTests(BrowserFixture browser) : IAsyncLifetime
{
    public const string WebhookToken = "browser-webhook-token";

    /// <summary>
    /// The settings of every desk. Names are requested as fast as possible and waited for as long as possible: a record that is written without its name
    /// on a busy machine stays without it.
    /// </summary>
    internal static readonly IReadOnlyDictionary<string, string> DeskSettings = new Dictionary<string, string>
    {
        ["IncomingCalls:Webhook:Tokens:0"] = WebhookToken,
        ["IncomingCalls:CallerNameWait"] = "00:01:00",
        ["GreenApi:CallerNameRequestTimeout"] = "00:01:00",
        ["GreenApi:CallerNamesPerSecond"] = "10",
    };

    /// <summary>The limit of every wait for the page or the desk. A passing run does not come near it, also on a machine that is busy with other work.</summary>
    private static readonly TimeSpan WaitLimit = TimeSpan.FromMinutes(2);

    private readonly List<IBrowserContext> _contexts = [];

    protected abstract GreenApiSimulator Gateway { get; }

    protected abstract SimulatedInstance Instance { get; }

    protected abstract DeskProcess Desk { get; }

    protected PageErrors Errors { get; } = new();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Posts a body to the webhook.</summary>
    protected async Task PostAsync(string body) => (await Desk.PostAsync(body, WebhookToken)).Should().Be(200);

    /// <summary>Waits until everything sent so far is received and handled.</summary>
    protected async Task WaitUntilAcknowledgedAsync()
    {
        await Instance.WaitUntilAcknowledgedAsync(WaitLimit);
        await Desk.GetHandledRowsAsync("calls");
    }

    /// <summary>Opens the desk as an operator, and waits until the page is connected.</summary>
    protected async Task<DeskPageView> OpenDeskAsync(BrowserNewContextOptions? options = null)
    {
        var desk = new DeskPageView(await OpenAsync("/", options));
        await desk.WaitUntilOnlineAsync();
        return desk;
    }

    /// <summary>Opens the status page.</summary>
    protected async Task<StatusPageView> OpenStatusAsync(BrowserNewContextOptions? options = null) => new(await OpenAsync("/status", options));

    /// <summary>Repeats an assertion until it holds.</summary>
    protected static Task EventuallyAsync(Func<Task> assertion) => Eventually.HoldsAsync(assertion);

    /// <summary>Cleans up after the test, when all pages are closed.</summary>
    protected abstract Task CleanUpAsync();

    public async Task DisposeAsync()
    {
        foreach (var context in _contexts)
        {
            await context.DisposeAsync();
        }

        await CleanUpAsync();
        Errors.Unexpected.Should().BeEmpty("the page should run without errors");
    }

    private async Task<IPage> OpenAsync(string path, BrowserNewContextOptions? options)
    {
        var context = await browser.Browser.NewContextAsync(new(options ?? new()) { BaseURL = $"{Desk.Http.BaseAddress}" });
        _contexts.Add(context);
        context.SetDefaultTimeout((float)WaitLimit.TotalMilliseconds);
        var page = await context.NewPageAsync();
        Errors.Watch(page);
        await page.GotoAsync(path);
        return page;
    }
}
