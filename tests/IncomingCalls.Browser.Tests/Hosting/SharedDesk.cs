using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;
using IncomingCalls.Testing;

namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>
/// One desk for all tests of a class. Each test has its own instance, so that its callers and their cached names are new, and removes its
/// rows at the end.
/// </summary>
public class SharedDesk : IAsyncLifetime
{
    private const int MaxTests = 5;

    private readonly DeskFolder _folder = new();
    private readonly List<(CallScenario Scenario, SimulatedInstance Instance)> _unused = [];

    public GreenApiSimulator Gateway { get; private set; } = null!;

    /// <summary>Holds answers of the gateway.</summary>
    internal HeldAnswers Answers { get; } = new();

    public DeskProcess Process { get; private set; } = null!;

    /// <summary>The scenarios of the instances.</summary>
    protected virtual IReadOnlyList<CallScenario> Scenarios { get; } = [.. Enumerable.Repeat(CallScenario.AllStatuses, MaxTests)];

    /// <summary>Additional settings of the desk.</summary>
    protected virtual Dictionary<string, string> Settings { get; } = [];

    public async Task InitializeAsync()
    {
        if (Chromium.SkipReason is not null)
        {
            return;
        }

        // Without the rate limit of one name per second, which is not the subject of these tests.
        Gateway = await GreenApiSimulator.StartAsync(options => (options.EnforceRateLimits, options.TimeProvider) = (false, Answers));
        Dictionary<string, string> settings = new(BrowserTests.DeskSettings.Concat(Settings));
        foreach (var (i, scenario) in Scenarios.Index())
        {
            var instance = Gateway.AddInstance();
            _unused.Add((scenario, instance));
            settings[$"GreenApi:Instances:{i}:IdInstance"] = $"{instance.IdInstance}";
            settings[$"GreenApi:Instances:{i}:ApiTokenInstance"] = instance.ApiTokenInstance;
            settings[$"GreenApi:Instances:{i}:ApiUrl"] = $"{Gateway.ApiUrl}";
            settings[$"GreenApi:Instances:{i}:Scenario"] = $"{scenario}";
        }

        Process = await DeskProcess.StartAsync(_folder, settings);
    }

    /// <summary>Gets an instance for a test.</summary>
    public virtual SimulatedInstance GetInstance(CallScenario scenario)
    {
        var unused = _unused.First(entry => entry.Scenario == scenario);
        _unused.Remove(unused);
        return unused.Instance;
    }

    /// <summary>Closes all callbacks, and deletes all rows, dead letters and quarantined items. All calls must have ended and all deliveries must be done, or rows would be written later.</summary>
    public virtual async Task ClearAsync()
    {
        await Process.PurgeInboxAsync();
        await Process.CloseCallbacksAsync();
        ExecuteSql("DELETE FROM Calls; DELETE FROM Events; DELETE FROM Records; DELETE FROM Alerts");
    }

    public async Task DisposeAsync()
    {
        if (Process is not null)
        {
            await Process.DisposeAsync();
            await Gateway.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Executes a statement on the database of the desk while the desk is running.</summary>
    protected void ExecuteSql(string statement) => _folder.ExecuteSql(statement);
}
