using System.Net.Http.Json;
using System.Text.Json.Nodes;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Testing;

namespace IncomingCalls.EndToEnd.Tests;

/// <summary>The status that the desk reports to its administrator.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task Status_InstanceWithACall_ShowsItsLastCallAndTheDoctorFindings()
    {
        await using var gateway = await GreenApiSimulator.StartAsync();
        var instance = gateway.AddInstance();
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, new Dictionary<string, string>
        {
            ["GreenApi:Instances:0:IdInstance"] = $"{instance.IdInstance}",
            ["GreenApi:Instances:0:ApiTokenInstance"] = instance.ApiTokenInstance,
            ["GreenApi:Instances:0:ApiUrl"] = $"{gateway.ApiUrl}",
        });
        var before = await ReadAsync(desk);
        instance.PlaceCall().Ring().Decline();
        await instance.WaitUntilAcknowledgedAsync();
        await desk.GetHandledRowsAsync("calls");

        var reports = await desk.Http.PostAsync("/api/status/examination", null);
        reports.EnsureSuccessStatusCode();
        var after = await ReadAsync(desk);

        before["instances"]![0]!["lastCallAt"].Should().BeNull();
        before["reports"].Should().BeNull("the doctor was not run yet");
        before["checks"]!.AsArray().Select(check => (string)check!["status"]!).Should().OnlyContain(status => status == "Healthy");
        after["instances"]![0]!["lastCallAt"].Should().NotBeNull();
        ((long)after["inbox"]!["depth"]!).Should().Be(0);
        after["reports"]![0]!["findings"]!.AsArray().Select(finding => (string)finding!["code"]!).Should().Contain("InstanceAuthorized");
        after.ToJsonString().Should().NotContain(instance.ApiTokenInstance);
    }

    private static async Task<JsonObject> ReadAsync(DeskProcess desk) => (await desk.Http.GetFromJsonAsync<JsonObject>("/api/status"))!;
}
