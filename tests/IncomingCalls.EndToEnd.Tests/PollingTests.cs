using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Testing;

namespace IncomingCalls.EndToEnd.Tests;

/// <summary>A desk that polls one instance, without a webhook token, configured by environment variables.</summary>
public sealed class PollingTests
{
    [Fact]
    public async Task CallerNames_EachContact_AreContactNameThenNameThenNumber()
    {
        using var folder = new DeskFolder();
        await using var gateway = await GreenApiSimulator.StartAsync();
        var instance = gateway.AddInstance();
        instance.Contacts["70000000101@c.us"] = new() { Name = "vanya", ContactName = "Иван Петров" };
        instance.Contacts["70000000102@c.us"] = new() { Name = "Maria" };
        await using var desk = await DeskProcess.StartAsync(folder, variables: VariablesFor(gateway, instance));

        foreach (var caller in new[] { "70000000101", "70000000102", "70000000103" })
        {
            instance.PlaceCall($"{caller}@c.us").Ring().Decline();
        }

        await instance.WaitUntilAcknowledgedAsync();
        (await desk.GetHandledRowsAsync("records")).Where(row => row.Label == "MissedCall").Select(row => row.CallerName)
            .Should().Equal("Иван Петров", "Maria", "+70000000103");
        (await desk.Http.GetStringAsync("/")).Should().NotContain("Demonstration");
    }

    [Fact]
    public async Task Output_AtTraceLevel_ContainsNoTokenAndNoPhoneNumber()
    {
        using var folder = new DeskFolder();
        await using var gateway = await GreenApiSimulator.StartAsync();
        var instance = gateway.AddInstance();
        instance.Contacts[NotificationJson.Caller] = new() { ContactName = "Иван Петров" };
        var variables = VariablesFor(gateway, instance);
        variables["Logging__LogLevel__Default"] = "Trace";
        variables["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace";
        variables["IncomingCalls__Webhook__Tokens__0"] = "output-webhook-token";
        await using var desk = await DeskProcess.StartAsync(folder, variables: variables);

        gateway.FailNext("deleteNotification", 500, "try again");
        instance.PlaceCall().Ring().Decline();
        await instance.WaitUntilAcknowledgedAsync();
        (await desk.PostAsync(NotificationJson.CreateCall(instance.IdInstance, "by-webhook", "offer"), "Bearer output-webhook-token")).Should().Be(200);
        (await desk.PostAsync(NotificationJson.CreateCall(instance.IdInstance, "by-webhook", "pickUp"), "Bearer wrong-webhook-token")).Should().Be(401);
        (await desk.PostAsync("{\"typeWebhook\":\"incomingCall\",\"from\":\"70000000101@c.us\"", "Bearer output-webhook-token")).Should().Be(200, "the notification is quarantined");

        desk.Output.Should().Contain("trce: ");
        desk.Output.Should().NotContainAny(instance.ApiTokenInstance, "output-webhook-token", "wrong-webhook-token", "70000000101", "Иван");
    }

    private static Dictionary<string, string> VariablesFor(GreenApiSimulator gateway, SimulatedInstance instance) => new()
    {
        ["GreenApi__Instances__0__IdInstance"] = $"{instance.IdInstance}",
        ["GreenApi__Instances__0__ApiTokenInstance"] = instance.ApiTokenInstance,
        ["GreenApi__Instances__0__ApiUrl"] = $"{gateway.ApiUrl}",
    };
}
