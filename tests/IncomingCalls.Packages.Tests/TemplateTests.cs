using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncomingCalls.Processes;
using IncomingCalls.Testing;

namespace IncomingCalls.Packages.Tests;

/// <summary>Each template is created, built with warnings as errors, started, and called.</summary>
[Collection(nameof(PackedPackages))]
public sealed class TemplateTests(PackedPackages packages)
{
    [Fact]
    public async Task WebhookTemplate_Instantiated_AcceptsACallWithItsGeneratedToken()
    {
        var folder = await CreateProjectAsync("incoming-calls-webhook", "Calls Desk", "--scenario", "ResultOnly");
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "appsettings.Development.json")));
        var token = settings!["IncomingCalls"]!["Webhook"]!["Tokens"]![0]!.GetValue<string>();
        token.Should().HaveLength(32);
        await using var host = SampleProcess.Start(ProgramPath(folder, "Calls Desk"), folder, variables: new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Development" });
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        instance.SetWebhook(new(await host.WaitUntilListeningAsync(), "/webhooks/green-api"), token);

        instance.PlaceCall("70000000101@c.us").Ring().Decline();
        await instance.WaitUntilAcknowledgedAsync();

        await Eventually.HoldsAsync(() => host.Output.Should().Contain("Missed: "));
        host.Output.Should().NotContain("Offered: ", "the scenario is ResultOnly").And.NotContain("70000000101");
        using var client = new HttpClient();
        using var wrong = await client.PostAsync(new Uri(await host.WaitUntilListeningAsync(), "/webhooks/green-api"), new StringContent("{}"));
        wrong.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await client.GetStringAsync(new Uri(await host.WaitUntilListeningAsync(), "/health"))).Should().Be("Healthy");
        File.Exists(Path.Combine(folder, "data", "calls.db")).Should().BeTrue();
    }

    [Fact]
    public async Task WorkerTemplate_Instantiated_ReceivesACall()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        var folder = await CreateProjectAsync(
            "incoming-calls-worker", "Worker", "--id-instance", JsonSerializer.Serialize(instance.IdInstance), "--api-url", simulator.ApiUrl.ToString());
        await using var host = SampleProcess.Start(
            ProgramPath(folder, "Worker"), folder, variables: new Dictionary<string, string> { ["GreenApi__Instances__0__ApiTokenInstance"] = instance.ApiTokenInstance });

        instance.PlaceCall("70000000101@c.us").Ring().Answer();
        await instance.WaitUntilAcknowledgedAsync();

        await Eventually.HoldsAsync(() => host.Output.Should().Contain("Answered: "));
        host.Output.Should().Contain("Offered: ").And.NotContain("70000000101").And.NotContain(instance.ApiTokenInstance);
    }

    [Fact]
    public async Task WorkerTemplate_OptionalLinesSwitchedOn_HandlesOutgoingCallsAndCallbacks()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        instance.Settings.OutgoingCallWebhook = true;
        var folder = await CreateProjectAsync(
            "incoming-calls-worker", "Outgoing", "--id-instance", JsonSerializer.Serialize(instance.IdInstance), "--api-url", simulator.ApiUrl.ToString());
        var program = Path.Combine(folder, "Program.cs");
        await File.WriteAllTextAsync(program, (await File.ReadAllTextAsync(program)).Replace("// handler.", "handler.", StringComparison.Ordinal));
        await BuildAsync(folder);
        await using var host = SampleProcess.Start(
            ProgramPath(folder, "Outgoing"), folder, variables: new Dictionary<string, string> { ["GreenApi__Instances__0__ApiTokenInstance"] = instance.ApiTokenInstance });

        instance.PlaceCall("70000000101@c.us", static call => call.TimestampShift = TimeSpan.FromSeconds(-5)).Ring().Decline();
        instance.PlaceOutgoingCall("70000000101@c.us").EndAnswered();
        await instance.WaitUntilAcknowledgedAsync();

        await Eventually.HoldsAsync(() => host.Output.Should().Contain("Answered: ").And.Contain("CallbackClosed: "));
        host.Output.Should().NotContain("70000000101");
    }

    private async Task<string> CreateProjectAsync(string template, string name, params string[] arguments)
    {
        var folder = packages.CreateUserFolder(name);
        var hive = Path.Combine(folder, ".hive");
        (await ProcessRun.RunDotnetAsync(
            folder, "new", "install", Path.Combine(packages.Folder, $"IncomingCalls.Templates.{packages.Version}.nupkg"), "--debug:custom-hive", hive)).EnsureSucceeded();
        (await ProcessRun.RunDotnetAsync(
            folder, ["new", template, "-n", name, "-o", "project", "--no-update-check", "--debug:custom-hive", hive, .. arguments])).EnsureSucceeded();
        var project = Path.Combine(folder, "project");
        await BuildAsync(project);
        return project;
    }

    private static async Task BuildAsync(string project) =>
        (await ProcessRun.RunDotnetAsync(project, "build", "-warnaserror", "-c", "Release", "-o", "bin/built")).EnsureSucceeded();

    private static string ProgramPath(string folder, string name) => Path.Combine(folder, "bin", "built", $"{name}.dll");
}
