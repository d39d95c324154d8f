using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Cli.Tests.Simulate;

public sealed class SimulateTests
{
    private const string Caller = "70000000101@c.us";

    [Fact]
    public async Task Script_PushedToAWebhook_RunsToItsEnd()
    {
        await using var host = await WebhookServer.StartAsync();
        using var script = new TemporaryFile(
            """
            # Two calls
            70000000101 offer 200ms pickUp repeat

            anonymous 1ms none   # of 2021
            70000000102 status:transferred
            """);

        var result = await ToolProcess.RunAsync("simulate", "--script", script.FullName, "--webhook", host.Url, "--webhook-token", "my-secret");

        result.ExitCode.Should().Be(0, result.Error);
        host.ReceivedCalls.Select(call => (call.From?.Value, call.RawStatus)).Should().Equal(
            (Caller, "offer"), (Caller, "pickUp"), (Caller, "pickUp"), (null, null), ("70000000102@c.us", "transferred"));
        host.ReceivedCalls.Select(call => call.IdMessage).Distinct().Should().HaveCount(3);
        host.ReceivedAuthorizations.Distinct().Should().Equal("Bearer my-secret");
        result.Lines[0].Should().MatchRegex($"^[0-9:]{{8}} started      instance 1101000001 with token [0-9a-f]{{50}} at http://127.0.0.1:[0-9]+/, posts to {host.Url}$");
        result.Lines[^1].Should().EndWith("ended        5 sent, 5 acknowledged, 0 waiting");
        result.Lines.Should().HaveCount(12);
        result.Output.Should().NotContain("my-secret");
    }

    [Fact]
    public async Task Simulate_Polled_ServesTail()
    {
        using var script = new TemporaryFile("70000000101 offer hungUp");
        await using var simulate = ToolProcess.Start("simulate", "--script", script.FullName, "--token", "known-token", "--id-instance", "7103000001", "--json");
        var started = ToolResult.Parse(await simulate.ReadLineAsync());
        started.GetProperty("type").GetString().Should().Be("started");
        started.GetProperty("idInstance").GetInt64().Should().Be(7103000001);
        started.GetProperty("apiTokenInstance").GetString().Should().Be("known-token");

        var tail = await ToolProcess.RunAsync(
            "tail", "--consume", "--no-names", "--count", "2", "--json",
            "--id-instance", "7103000001", "--token", "known-token", "--api-url", started.GetProperty("apiUrl").GetString()!);

        tail.Json.Select(line => line.GetProperty("kind").GetString()).Should().Equal("Offered", "Dropped");
        var result = await simulate.WaitForExitAsync();
        result.ExitCode.Should().Be(0, result.Error);
        var lines = result.Json;
        lines.Select(line => line.GetProperty("type").GetString()).Should().BeEquivalentTo("sent", "sent", "acknowledged", "acknowledged", "ended");
        lines[^1].GetProperty("acknowledged").GetInt32().Should().Be(2);
        lines.Where(line => line.GetProperty("type").GetString() == "acknowledged").Should().OnlyContain(line => IsMissing(line, "httpStatus"));
    }

    [Theory]
    [InlineData("classic", "-")]
    [InlineData("hangup", "offer hangUp")]
    [InlineData("duplicates", "offer offer hungUp hungUp")]
    [InlineData("reordered", "hungUp offer")]
    [InlineData("lost-outcome", "offer")]
    [InlineData("wrong-from", "offer hungUp@self")]
    [InlineData("own-call", "offer@self hungUp@self")]
    [InlineData("own-number", "offer@self hungUp@self")]
    [InlineData("journal-other-ids,journal-hungup-for-declined,journal-lid,journal-late,journal-off", "offer hungUp")]
    [InlineData("lid", "offer@lid hungUp@lid")]
    [InlineData("empty-polls", "offer hungUp")]
    [InlineData("slow", "offer hungUp")]
    [InlineData("duplicates,hangup", "offer offer hangUp hangUp")]
    [InlineData("logged-out", "")]
    [InlineData("blocked", "")]
    public async Task Quirk_Name_SetsTheSimulatorQuirk(string quirk, string expected)
    {
        await using var host = await WebhookServer.StartAsync();
        using var script = new TemporaryFile("70000000101 offer hungUp");

        var result = await ToolProcess.RunAsync("simulate", "--script", script.FullName, "--webhook", host.Url, "--quirk", quirk);

        result.ExitCode.Should().Be(0, result.Error);
        string.Join(' ', host.ReceivedCalls.Select(Describe)).Should().Be(expected);
    }

    [Theory]
    [InlineData("logged-out", "Error    InstanceNotAuthorized")]
    [InlineData("blocked", "Error    InstanceBlocked")]
    public async Task Quirk_State_IsFoundByTheDoctor(string quirk, string finding)
    {
        await using var simulate = ToolProcess.Start("simulate", "--quirk", quirk, "--token", "known-token", "--rate", "1", "--json");
        var started = ToolResult.Parse(await simulate.ReadLineAsync());

        var result = await ToolProcess.RunAsync("doctor", "--id-instance", "1101000001", "--token", "known-token", "--api-url", started.GetProperty("apiUrl").GetString()!);

        result.Output.Should().Contain(finding);
        result.ExitCode.Should().Be((int)ExitCode.ProblemsFound);
    }

    [Fact]
    public async Task Quirk_JournalOff_ForbidsTheJournals()
    {
        await using var simulate = ToolProcess.Start("simulate", "--quirk", "journal-off", "--token", "known-token", "--rate", "1", "--json");
        var started = ToolResult.Parse(await simulate.ReadLineAsync());
        using var client = new HttpClient { BaseAddress = new(started.GetProperty("apiUrl").GetString()!) };

        (await client.GetAsync("/waInstance1101000001/lastIncomingCalls/known-token")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Quirk_Errors_LosesEveryThirdAnswer()
    {
        await using var host = await WebhookServer.StartAsync();
        using var script = new TemporaryFile("70000000101 offer repeat hungUp");

        var result = await ToolProcess.RunAsync("simulate", "--script", script.FullName, "--webhook", host.Url, "--quirk", "errors", "--resend-after", "100ms");

        host.ReceivedCalls.Select(call => call.RawStatus).Should().Equal("offer", "offer", "hungUp", "hungUp");
        result.Lines.Should().Contain(line => line.EndsWith("no response, will be redelivered"));
        result.Lines[^1].Should().EndWith("3 sent, 3 acknowledged, 0 waiting");
    }

    [Fact]
    public async Task Webhook_Refuses_IsReportedAndRetried()
    {
        await using var host = await WebhookServer.StartAsync((context, request) =>
        {
            context.Response.StatusCode = request == 1 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        using var script = new TemporaryFile("70000000101 offer");

        var result = await ToolProcess.RunAsync("simulate", "--script", script.FullName, "--webhook", host.Url, "--resend-after", "100ms", "--json");

        result.Json.Select(line => line.GetProperty("type").GetString()).Should().Equal("started", "sent", "refused", "acknowledged", "ended");
        result.Json[2].GetProperty("httpStatus").GetInt32().Should().Be(503);
        result.Json[3].GetProperty("httpStatus").GetInt32().Should().Be(200);
    }

    [Fact]
    public async Task Script_NotAcknowledgedInTime_Fails()
    {
        using var script = new TemporaryFile("70000000101 offer pickUp");

        var result = await ToolProcess.RunAsync("simulate", "--script", script.FullName, "--duration", "1s");

        result.ExitCode.Should().Be((int)ExitCode.NotAcknowledged);
        result.Lines[^1].Should().EndWith("2 sent, 0 acknowledged, 2 waiting");
        result.Error.Trim().Should().Be("The duration has elapsed, and 2 notifications of the script were not acknowledged.");
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Signal_DuringCalls_EndsCleanly(string signal)
    {
        await using var simulate = ToolProcess.Start("simulate", "--rate", "600", "--longest-ring", "100ms", "--seed", "1", "--instances", "2");
        await simulate.ReadLineAsync(line => line.Contains("instance 1101000002 with token"));
        await simulate.ReadLineAsync(line => line.Contains(" sent "));

        await simulate.SendSignalAsync(signal);

        var result = await simulate.WaitForExitAsync();
        result.ExitCode.Should().Be(0, result.Error);
        result.Error.Should().BeEmpty();
        result.Lines[^1].Should().Contain("ended ");
    }

    [Fact]
    public async Task Restart_AfterSetSettings_TakesTheTimeGiven()
    {
        await using var simulate = ToolProcess.Start("simulate", "--restart", "5m", "--token", "known-token", "--rate", "1", "--json");
        var started = ToolResult.Parse(await simulate.ReadLineAsync());
        using var client = new HttpClient { BaseAddress = new(started.GetProperty("apiUrl").GetString()!) };

        await client.PostAsync("/waInstance1101000001/setSettings/known-token", new StringContent("{}"));

        (await client.GetStringAsync("/waInstance1101000001/getStateInstance/known-token")).Should().Be("""{"stateInstance":"starting"}""");
    }

    [Fact]
    public async Task Port_InUse_ReportsError()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var result = await ToolProcess.RunAsync("simulate", "--port", $"{((IPEndPoint)other.LocalEndpoint).Port}");

        result.ShouldHaveFailed(ExitCode.Unusable, "cannot be used: another program listens on it");
    }

    [Theory]
    [InlineData("70000000101 offer pikUp", "line 1: 'pikUp' is neither a pause such as 9s nor one of offer, pickUp")]
    [InlineData("\n# nothing\n70000000101", "line 3: the call has no status.")]
    [InlineData("70000000101 repeat", "line 1: 'repeat' needs a status before it.")]
    [InlineData("70000000101 9s repeat", "line 1: 'repeat' needs a status before it.")]
    [InlineData("# nothing", "contains no call")]
    public async Task Script_Invalid_ReportsTheLine(string text, string sentence)
    {
        using var script = new TemporaryFile(text);

        (await ToolProcess.RunAsync("simulate", "--script", script.FullName)).ShouldHaveFailed(ExitCode.Unusable, sentence);
    }

    [Fact]
    public async Task Script_Missing_ReportsError() =>
        (await ToolProcess.RunAsync("simulate", "--script", "/no/such/calls.txt")).ShouldHaveFailed(ExitCode.Unusable, "There is no file /no/such/calls.txt.");

    [Theory]
    [InlineData("--port 65536", "--port takes a whole number from 0 to 65535.")]
    [InlineData("--instances 0", "--instances takes a whole number from 1 to 1000.")]
    [InlineData("--rate x", "--rate takes a whole number from 1 to 6000.")]
    [InlineData("--quirk lid slwo", "There is no quirk 'slwo'. The quirks are classic, hangup, lid,")]
    [InlineData("--quirk blocked logged-out", "An instance is in one state: use one of the quirks logged-out, blocked.")]
    [InlineData("--duration 10", "--duration takes a time")]
    [InlineData("--webhook nowhere", "--webhook takes an address such as")]
    public async Task Simulate_InvalidValue_ReportsError(string options, string sentence) =>
        (await ToolProcess.RunAsync(["simulate", .. options.Split(' ')])).ShouldHaveFailed(ExitCode.Usage, sentence);

    private static string Describe(IncomingCallNotification call) =>
        (call.RawStatus ?? "-") + (call.IsFromSelf ? "@self" : call.From!.Value.Kind == ChatIdKind.Lid ? "@lid" : "");

    private static bool IsMissing(JsonElement line, string property) => !line.TryGetProperty(property, out _);
}
