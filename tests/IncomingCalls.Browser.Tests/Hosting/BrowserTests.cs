using IncomingCalls.Browser.Tests.Pages;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;
using IncomingCalls.Testing;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>
/// A test of what operators see: a GREEN-API with one instance, a desk that polls it, and any number of operators, each with a
/// browser context of their own. What goes wrong in a page fails the test, unless the test expected it.
/// </summary>
[Collection(BrowserCollectionDefinition.Name)]
public abstract class BrowserTests(BrowserFixture run) : IAsyncLifetime
{
    private const string WebhookToken = "browser-webhook-token";

    private readonly DeskFolder _folder = new();
    private readonly List<IBrowserContext> _contexts = [];

    protected GreenApiSimulator Gateway { get; private set; } = null!;

    protected SimulatedInstance Instance { get; private set; } = null!;

    protected DeskProcess Desk { get; private set; } = null!;

    protected PageErrors Errors { get; } = new();

    /// <summary>What a desk that is started is told besides.</summary>
    protected Dictionary<string, string> Settings { get; } = [];

    public async Task InitializeAsync()
    {
        // Names at once: a second between them is GREEN-API's business, and not that of a page.
        Gateway = await GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = false);
        Instance = Gateway.AddInstance();
    }

    /// <summary>Starts the desk; a second start is on what the first one left, and under its address.</summary>
    protected async Task StartDeskAsync(CallScenario scenario = CallScenario.AllStatuses)
    {
        Dictionary<string, string> settings = new(Settings)
        {
            ["IncomingCalls:Webhook:Tokens:0"] = WebhookToken,
            ["GreenApi:Instances:0:IdInstance"] = $"{Instance.IdInstance}",
            ["GreenApi:Instances:0:ApiTokenInstance"] = Instance.ApiTokenInstance,
            ["GreenApi:Instances:0:ApiUrl"] = $"{Gateway.ApiUrl}",
            ["GreenApi:Instances:0:Scenario"] = $"{scenario}",
            ["GreenApi:CallerNamesPerSecond"] = "10",
        };
        if (Desk is not null)
        {
            settings["urls"] = $"{Desk.Http.BaseAddress}";
        }

        Desk = await DeskProcess.StartAsync(_folder, settings);
    }

    /// <summary>Starts the desk as somebody does who only wants to see it.</summary>
    protected async Task StartDemoAsync() => Desk = await DeskProcess.StartAsync(_folder);

    /// <summary>Posts anything to the webhook, as a gateway does.</summary>
    protected async Task PostAsync(string body) => (await Desk.PostAsync(body, WebhookToken)).Should().Be(200);

    /// <summary>Does something to the desk's database, behind its back.</summary>
    protected void ExecuteSql(string statement) => _folder.ExecuteSql(statement);

    /// <summary>Waits until everything sent so far has been received and handled.</summary>
    protected async Task WaitUntilHandledAsync()
    {
        await Instance.WaitUntilHandledAsync();
        await Desk.GetHandledRowsAsync("calls");
    }

    /// <summary>An operator opens the desk, and has it before them when this returns.</summary>
    protected async Task<DeskPageView> OpenDeskAsync(BrowserNewContextOptions? options = null)
    {
        var desk = new DeskPageView(await OpenAsync("/", options));
        await desk.WaitUntilOnlineAsync();
        return desk;
    }

    /// <summary>An operator opens the state of the desk.</summary>
    protected async Task<StatusPageView> OpenStatusAsync(BrowserNewContextOptions? options = null) => new(await OpenAsync("/status", options));

    /// <summary>Repeats an assertion until it holds.</summary>
    protected static Task EventuallyAsync(Func<Task> assertion) => Eventually.HoldsAsync(assertion);

    public async Task DisposeAsync()
    {
        foreach (var context in _contexts)
        {
            await context.DisposeAsync();
        }

        if (Desk is not null)
        {
            await Desk.DisposeAsync();
        }

        await Gateway.DisposeAsync();
        _folder.Dispose();
        Errors.Unexpected.Should().BeEmpty("the page should run without errors");
    }

    private async Task<IPage> OpenAsync(string path, BrowserNewContextOptions? options)
    {
        var context = await run.Browser.NewContextAsync(new(options ?? new()) { BaseURL = $"{Desk.Http.BaseAddress}" });
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        Errors.Watch(page);
        await page.GotoAsync(path);
        return page;
    }
}
