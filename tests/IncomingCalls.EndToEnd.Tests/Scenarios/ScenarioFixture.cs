using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Testing;

namespace IncomingCalls.EndToEnd.Tests.Scenarios;

/// <summary>
/// One desk with two instances for each scenario: each scenario once by polling, set in the entry of the instance, and once by webhook, set in
/// <c>InstanceScenarios</c>.
/// </summary>
public abstract class ScenarioFixture(string culture) : IAsyncLifetime
{
    private const string Token = "end-to-end-webhook-token";
    private const long FirstWebhookInstance = 7103000001;

    private readonly DeskFolder _folder = new();
    private GreenApiSimulator _gateway = null!;

    public DeskProcess Process { get; private set; } = null!;

    public string Culture => culture;

    public SimulatedInstance PolledInstance(CallScenario scenario) => _gateway.Instances.ElementAt((int)scenario);

    public async Task InitializeAsync()
    {
        _gateway = await GreenApiSimulator.StartAsync();
        Dictionary<string, string> settings = new() { ["IncomingCalls:Culture"] = culture, ["IncomingCalls:Webhook:Tokens:0"] = Token };
        var scenarios = Enum.GetValues<CallScenario>();
        foreach (var scenario in scenarios)
        {
            var polled = _gateway.AddInstance();
            polled.Contacts[NotificationJson.Caller] = new() { Name = "vanya", ContactName = "Иван Петров" };
            var entry = $"GreenApi:Instances:{(int)scenario}";
            settings[$"{entry}:IdInstance"] = $"{polled.IdInstance}";
            settings[$"{entry}:ApiTokenInstance"] = polled.ApiTokenInstance;
            settings[$"{entry}:ApiUrl"] = $"{_gateway.ApiUrl}";
            settings[$"{entry}:Scenario"] = $"{scenario}";

            entry = $"GreenApi:Instances:{(int)scenario + scenarios.Length}";
            settings[$"{entry}:IdInstance"] = $"{WebhookInstance(scenario)}";
            settings[$"{entry}:Receive"] = "Webhook";
            settings[$"IncomingCalls:InstanceScenarios:{WebhookInstance(scenario)}"] = $"{scenario}";
        }

        Process = await DeskProcess.StartAsync(_folder, settings);
    }

    /// <summary>Sends a notification and waits until the desk has acknowledged it.</summary>
    public async Task SendAsync(Transport transport, CallScenario scenario, string callId, string? status)
    {
        if (transport == Transport.Webhook)
        {
            (await Process.PostAsync(NotificationJson.CreateCall(WebhookInstance(scenario), callId, status), $"Bearer {Token}")).Should().Be(200);
            return;
        }

        PolledInstance(scenario).PlaceCall(NotificationJson.Caller, call => call.IdMessage = callId).Send(status);
        await PolledInstance(scenario).WaitUntilAcknowledgedAsync();
    }

    public long IdInstance(Transport transport, CallScenario scenario) =>
        transport == Transport.Webhook ? WebhookInstance(scenario) : PolledInstance(scenario).IdInstance;

    public async Task DisposeAsync()
    {
        await Process.DisposeAsync();
        await _gateway.DisposeAsync();
        _folder.Dispose();
    }

    private static long WebhookInstance(CallScenario scenario) => FirstWebhookInstance + (int)scenario;
}

public enum Transport
{
    Webhook,
    Polling,
}
