using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.EndToEnd.Tests.Scenarios;
using IncomingCalls.Testing;

namespace IncomingCalls.EndToEnd.Tests.Quirks;

/// <summary>One desk with enough polled and pushing instances for all tests, each with its own quirks.</summary>
public sealed class QuirkFixture : IAsyncLifetime
{
    private const string Token = "quirk-desk-webhook-token";
    private const int PolledInstanceCount = 16;
    private const int WebhookInstanceCount = 2;

    private readonly DeskFolder _folder = new();
    private readonly Dictionary<Transport, Queue<SimulatedInstance>> _unused = [];
    private GreenApiSimulator _gateway = null!;

    public DeskProcess Process { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _gateway = await GreenApiSimulator.StartAsync(options =>
        {
            options.ResendAfter = TimeSpan.FromMilliseconds(100);
            options.SlowBy = TimeSpan.FromMilliseconds(300);
        });
        Dictionary<string, string> settings = new()
        {
            ["IncomingCalls:Webhook:Tokens:0"] = Token,
            ["IncomingCalls:OutcomeTimeout"] = "00:00:06",
            // Name requests are limited to one per second and instance, and names are not the subject of these tests.
            ["GreenApi:CallerNames"] = "false",
            // What notifications tell is the subject: a call of the own number would wait for the journal for minutes.
            ["GreenApi:CallJournal"] = "Off",
            ["GreenApi:InitialRetryDelay"] = "00:00:00.1",
            ["GreenApi:MaxRetryDelay"] = "00:00:01",
        };
        _unused[Transport.Polling] = AddInstances(PolledInstanceCount, "Polling", settings);
        _unused[Transport.Webhook] = AddInstances(WebhookInstanceCount, "Webhook", settings);
        Process = await DeskProcess.StartAsync(_folder, settings);
    }

    /// <summary>Gets an instance that no other test uses.</summary>
    public SimulatedInstance GetUnusedInstance(Transport transport)
    {
        var instance = _unused[transport].Dequeue();
        if (transport == Transport.Webhook)
        {
            instance.SetWebhook(new(Process.Http.BaseAddress!, "/webhooks/green-api"), $"Bearer {Token}");
        }

        return instance;
    }

    public async Task DisposeAsync()
    {
        await Process.DisposeAsync();
        await _gateway.DisposeAsync();
        _folder.Dispose();
    }

    private Queue<SimulatedInstance> AddInstances(int count, string receive, Dictionary<string, string> settings)
    {
        Queue<SimulatedInstance> instances = new();
        for (var i = 0; i < count; i++)
        {
            var instance = _gateway.AddInstance();
            instances.Enqueue(instance);
            var entry = $"GreenApi:Instances:{_gateway.Instances.Count - 1}";
            settings[$"{entry}:IdInstance"] = $"{instance.IdInstance}";
            settings[$"{entry}:ApiTokenInstance"] = instance.ApiTokenInstance;
            settings[$"{entry}:ApiUrl"] = $"{_gateway.ApiUrl}";
            settings[$"{entry}:Receive"] = receive;
        }

        return instances;
    }
}
