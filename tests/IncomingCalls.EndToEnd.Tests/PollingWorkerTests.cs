using System.Reflection;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;
using IncomingCalls.Testing;

namespace IncomingCalls.EndToEnd.Tests;

/// <summary>The poller of the README, as a process.</summary>
public sealed class PollingWorkerTests
{
    private static readonly string Program = typeof(PollingWorkerTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "PollingWorkerProgram").Value!;

    [Fact]
    public async Task Run_CallerIsAContact_PrintsTheNameOfEveryEvent()
    {
        using var folder = new DeskFolder();
        await using var gateway = await GreenApiSimulator.StartAsync();
        var instance = gateway.AddInstance();
        instance.Contacts["70000000101@c.us"] = new() { ContactName = "Ivan Petrov" };
        await using var worker = SampleProcess.Start(Program, folder.Path, variables: new Dictionary<string, string>
        {
            ["GreenApi__Instances__0__IdInstance"] = $"{instance.IdInstance}",
            ["GreenApi__Instances__0__ApiTokenInstance"] = instance.ApiTokenInstance,
            ["GreenApi__Instances__0__ApiUrl"] = $"{gateway.ApiUrl}",
        });

        // On a busy machine the first lookup can take longer than the in-memory inbox waits for it.
        await Eventually.HoldsAsync(async () =>
        {
            var offered = worker.WaitForLineAsync("Offered");
            var missed = worker.WaitForLineAsync("Missed");
            instance.PlaceCall("70000000101@c.us").Ring().Decline();

            (await offered).Should().EndWith("Offered: Ivan Petrov");
            (await missed).Should().EndWith("Missed: Ivan Petrov");
        });
        worker.Output.Should().NotContain("70000000101");
    }
}
