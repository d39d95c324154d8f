using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Testing;

namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>The base of tests that start their own desk, since they need other settings, kill it, or need all of its capacity.</summary>
public abstract class OwnDeskTests(BrowserFixture browser) : BrowserTests(browser)
{
    private readonly DeskFolder _folder = new();
    private GreenApiSimulator? _gateway;
    private SimulatedInstance? _instance;
    private DeskProcess? _desk;

    protected override GreenApiSimulator Gateway => _gateway!;

    protected override SimulatedInstance Instance => _instance!;

    protected override DeskProcess Desk => _desk!;

    /// <summary>Additional settings of the desk.</summary>
    protected Dictionary<string, string> Settings { get; } = [];

    public override async Task InitializeAsync()
    {
        // Without the rate limit of one name per second, which is not the subject of these tests.
        _gateway = await GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = false);
        _instance = _gateway.AddInstance();
    }

    /// <summary>Starts the desk. A second start uses the folder and the address of the first one.</summary>
    protected async Task StartDeskAsync()
    {
        Dictionary<string, string> settings = new(DeskSettings.Concat(Settings))
        {
            ["GreenApi:Instances:0:IdInstance"] = $"{Instance.IdInstance}",
            ["GreenApi:Instances:0:ApiTokenInstance"] = Instance.ApiTokenInstance,
            ["GreenApi:Instances:0:ApiUrl"] = $"{Gateway.ApiUrl}",
        };
        if (_desk is not null)
        {
            settings["urls"] = $"{_desk.Http.BaseAddress}";
        }

        _desk = await DeskProcess.StartAsync(_folder, settings);
    }

    /// <summary>Starts the desk without any configuration, in demo mode.</summary>
    protected async Task StartDemoAsync() => _desk = await DeskProcess.StartAsync(_folder);

    protected override async Task CleanUpAsync()
    {
        if (_desk is not null)
        {
            await _desk.DisposeAsync();
        }

        await Gateway.DisposeAsync();
        _folder.Dispose();
    }
}
