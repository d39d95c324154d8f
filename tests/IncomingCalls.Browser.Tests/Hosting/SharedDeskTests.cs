using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;
using IncomingCalls.Testing;

namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>The base of tests that share the desk of their class. A test sees no calls of other tests, in whatever order they run.</summary>
public abstract class SharedDeskTests(BrowserFixture browser, SharedDesk desk) : BrowserTests(browser)
{
    private SimulatedInstance? _instance;

    protected override GreenApiSimulator Gateway => desk.Gateway;

    protected override SimulatedInstance Instance => _instance ??= desk.GetInstance(CallScenario.AllStatuses);

    protected override DeskProcess Desk => desk.Process;

    /// <summary>Holds answers of the gateway.</summary>
    internal HeldAnswers Answers => desk.Answers;

    /// <summary>Selects an instance with another scenario than AllStatuses.</summary>
    protected void UseScenario(CallScenario scenario) => _instance = desk.GetInstance(scenario);

    protected override async Task CleanUpAsync()
    {
        if (_instance is not null)
        {
            _instance.EndRingingCalls();
            await WaitUntilAcknowledgedAsync();
        }

        await desk.ClearAsync();
    }
}
