using IncomingCalls.Browser.Tests.Pages;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;
using IncomingCalls.Testing;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>
/// The base of tests of the pages: a gateway with one instance, a desk that polls it, and any number of operators, each with a separate
/// browser context. An error in a page fails the test unless the test expects it.
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

    /// <summary>Additional settings of the desk.</summary>
    protected Dictionary<string, string> Settings { get; } = [];

    public async Task InitializeAsync()
    {
        // Without the rate limit of one name per second, which is not the subject of these tests.
        Gateway = await GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = false);
        Instance = Gateway.AddInstance();
    }

    /// <summary>Starts the desk. A second start uses the folder and the address of the first one.</summary>
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

    /// <summary>Starts the desk without any configuration, in demo mode.</summary>
    protected async Task StartDemoAsync() => Desk = await DeskProcess.StartAsync(_folder);

    /// <summary>Posts a body to the webhook.</summary>
    protected async Task PostAsync(string body) => (await Desk.PostAsync(body, WebhookToken)).Should().Be(200);

    /// <summary>Executes a statement on the database of the desk while the desk is running.</summary>
    protected void ExecuteSql(string statement) => _folder.ExecuteSql(statement);

    /// <summary>Waits until everything sent so far is received and handled.</summary>
    protected async Task WaitUntilHandledAsync()
    {
        await Instance.WaitUntilHandledAsync();
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
