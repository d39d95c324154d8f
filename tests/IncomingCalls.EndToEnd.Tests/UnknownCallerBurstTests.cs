using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;
using IncomingCalls.Testing;

namespace IncomingCalls.EndToEnd.Tests;

/// <summary>A burst of callers whose names are unknown, at an instance that answers one name request per second.</summary>
public sealed class UnknownCallerBurstTests
{
    private const int Calls = 300;

    private const string Token = "burst-desk-token";

    [Fact]
    public async Task Offers_OfUnknownCallers_AreShownWithoutTheirNames()
    {
        using var folder = new DeskFolder();
        await using var gateway = await GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = true);
        var instance = gateway.AddInstance();
        await using var desk = await DeskProcess.StartAsync(folder, new Dictionary<string, string>
        {
            ["IncomingCalls:Webhook:Tokens:0"] = Token,
            ["GreenApi:Instances:0:IdInstance"] = $"{instance.IdInstance}",
            ["GreenApi:Instances:0:ApiTokenInstance"] = instance.ApiTokenInstance,
            ["GreenApi:Instances:0:ApiUrl"] = $"{gateway.ApiUrl}",
            ["GreenApi:Instances:0:Receive"] = "Webhook",
        });

        for (var call = 0; call < Calls; call++)
        {
            (await desk.PostAsync(NotificationJson.CreateCall(instance.IdInstance, $"burst{call}", "offer", from: $"7000001{call:D4}@c.us"), $"Bearer {Token}")).Should().Be(200);
        }

        // The names of all callers take five minutes, but the wait for a name ends after ten seconds and delays nothing else.
        foreach (var list in (string[])["events", "records", "alerts"])
        {
            await Eventually.HoldsAsync(async () => (await desk.GetRowsAsync(list)).Should().HaveCount(Calls, "every offer has a row in {0}", list));
        }
    }
}
