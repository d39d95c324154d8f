using System.Text.Json;
using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;
using IncomingCalls.Testing;

namespace IncomingCalls.Cli.Tests.Tail;

public sealed class TailTests : IAsyncLifetime
{
    private const string Caller = "70000000101@c.us";

    private GreenApiSimulator _gateway = null!;
    private SimulatedInstance _instance = null!;

    public async Task InitializeAsync()
    {
        _gateway = await GreenApiSimulator.StartAsync();
        _instance = _gateway.AddInstance();
        _instance.Contacts[Caller] = new() { ContactName = "Иван Петров" };
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Consume_Call_PrintsOneLinePerEventAndDeletesIt()
    {
        _instance.PlaceCall(Caller, call => call.Quirks = CallQuirks.Duplicates).Ring().Decline();

        await using var tool = StartTail("--consume", "--count", "2");
        var result = await tool.WaitForExitAsync();

        result.ExitCode.Should().Be(0);
        result.Error.Should().BeEmpty();
        result.Lines.Should().HaveCount(2);
        result.Lines[0].Should().MatchRegex("^[0-9:]{8} 1101000001 rings      Иван Петров \\(\\+70000000101\\)$");
        result.Lines[1].Should().MatchRegex("^[0-9:]{8} 1101000001 missed     Иван Петров \\(\\+70000000101\\)$");
        // The duplicate of the last notification stays in the queue, since the count was reached.
        _instance.WaitingCount.Should().Be(1);
    }

    [Fact]
    public async Task Consume_AsJson_WritesAllProperties()
    {
        _instance.SendMessage(Caller, "hello");
        _instance.Enqueue("[]");
        _instance.PlaceCall(Caller, call => call.IdMessage = "A1").Ring().Drop();

        await using var tool = StartTail("--consume", "--count", "2", "--json");
        var result = await tool.WaitForExitAsync();

        result.Json.Select(line => line.GetProperty("type").GetString()).Should().Equal("other", "unreadable", "call", "call");
        result.Json[0].GetProperty("typeWebhook").GetString().Should().Be("incomingMessageReceived");
        result.Json[1].GetProperty("reason").GetString().Should().NotBeEmpty();
        var dropped = result.Json[3];
        dropped.GetProperty("idInstance").GetInt64().Should().Be(_instance.IdInstance);
        dropped.GetProperty("callId").GetString().Should().Be("A1");
        dropped.GetProperty("kind").GetString().Should().Be("Dropped");
        dropped.GetProperty("outcome").GetString().Should().Be("Dropped");
        dropped.GetProperty("status").GetString().Should().Be("hungUp");
        dropped.GetProperty("from").GetString().Should().Be(Caller);
        dropped.GetProperty("phoneNumber").GetString().Should().Be("+70000000101");
        dropped.GetProperty("name").GetString().Should().Be("Иван Петров");
        dropped.GetProperty("nameSource").GetString().Should().Be("contactName");
        result.Lines[3].Should().Contain("Иван Петров", "names should be readable, not escaped");
    }

    [Fact]
    public async Task Tail_WithoutConsume_DeletesNothing()
    {
        _instance.PlaceCall(Caller).Ring().Answer();

        await using var tool = StartTail("--no-names");
        (await tool.ReadLineAsync()).Should().EndWith("rings      +70000000101");

        // The next notification is shown only after another consumer has deleted the head of the queue.
        await DeleteHeadAsync();
        (await tool.ReadLineAsync()).Should().EndWith("answered   +70000000101");
        _instance.WaitingCount.Should().Be(1);
        _instance.Requests.Should().NotContainKey("getContactInfo");
        await tool.SendSignalAsync("INT");
        (await tool.WaitForExitAsync()).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Tail_HeadNotDeleted_ExplainsTheStuckQueue()
    {
        _instance.PlaceCall(Caller).Ring().Answer();

        await using var tool = StartTail("--no-names", "--duration", "8s");
        var result = await tool.WaitForExitAsync();

        result.Lines.Should().ContainSingle();
        result.Error.Should().StartWith("The head of the queue does not change, because no consumer deletes it.");
        _instance.WaitingCount.Should().Be(2);
    }

    [Fact]
    public async Task Calls_OfEveryKind_AreDistinguished()
    {
        _instance.PlaceCall(null).Send(null);
        _instance.PlaceCall("100000000000001@lid").Send("pickUp").Send("transferred");

        await using var tool = StartTail("--consume", "--count", "3", "--no-names");
        var result = await tool.WaitForExitAsync();

        result.Lines.Select(line => line[20..]).Should().Equal("call       anonymous", "answered   100000000000001@lid", "transferred 100000000000001@lid");
    }

    [Fact]
    public async Task TransientFailure_AfterTheFirstAnswer_IsReportedOnce()
    {
        await using var tool = StartTail("--consume", "--no-names");
        _instance.PlaceCall(Caller).Ring();
        await tool.ReadLineAsync();

        _gateway.FailNext("receiveNotification", 500, "try again");
        _instance.PlaceCall(Caller).Ring();
        await tool.ReadLineAsync();
        _instance.PlaceCall(Caller).Ring();
        await tool.ReadLineAsync();
        await tool.SendSignalAsync("TERM");

        var result = await tool.WaitForExitAsync();
        result.ExitCode.Should().Be(0);
        result.Error.Trim().Should().Be("The request for instance 1101000001 failed with ServerError (HTTP 500). Retrying…");
    }

    /// <summary>As with <c>tail --consume | head -1</c>: notifications that cannot be shown must not be deleted.</summary>
    [Fact]
    public async Task Consume_OutputClosed_StopsDeleting()
    {
        _instance.PlaceCall(Caller).Ring();
        await using var tool = ToolProcess.StartPiped(
            "{ read -r line; exec 0<&-; echo \"$line\"; }",
            ["tail", "--id-instance", $"{_instance.IdInstance}", "--token", _instance.ApiTokenInstance, "--api-url", $"{_gateway.ApiUrl}", "--consume", "--no-names"]);
        await tool.ReadLineAsync();

        _instance.PlaceCall(Caller).Ring();

        (await tool.WaitForExitAsync()).Error.Trim().Should().Be("exit 0");
        _instance.WaitingCount.Should().Be(1);
    }

    [Fact]
    public async Task Duration_Over_EndsQuietly()
    {
        await using var tool = StartTail("--duration", "1s");

        var result = await tool.WaitForExitAsync();

        result.ExitCode.Should().Be(0);
        result.Output.Should().BeEmpty();
        result.Error.Should().BeEmpty();
    }

    [Theory]
    [InlineData("--id-instance 1101000001 --token wrong-token", "GREEN-API rejected the request for instance 1101000001 with Unauthorized (HTTP 401). The ApiTokenInstance is wrong")]
    [InlineData("--id-instance 1101000009 --token wrong-token", "GREEN-API rejected the request for instance 1101000009 with Forbidden (HTTP 403).")]
    public async Task Tail_WrongCredentials_ReportsErrorWithoutThem(string options, string sentence)
    {
        var result = await ToolProcess.RunAsync(["tail", "--api-url", $"{_gateway.ApiUrl}", .. options.Split(' ')]);

        result.ShouldHaveFailed(ExitCode.Refused, sentence);
        result.Error.Should().NotContain("wrong-token");
    }

    [Fact]
    public async Task Tail_InstanceWithAWebhook_ExplainsWhy()
    {
        _instance.SetWebhook(new("http://127.0.0.1:1/"));

        await using var tool = StartTail();

        (await tool.WaitForExitAsync()).ShouldHaveFailed(ExitCode.Refused, "posts its notifications to a webhook, so they cannot be received");
    }

    [Fact]
    public async Task Tail_NoServer_ReportsUnreachable()
    {
        var result = await ToolProcess.RunAsync("tail", "--id-instance", "5", "--token", "secret-token", "--api-url", "http://127.0.0.1:1");

        result.ShouldHaveFailed(ExitCode.Unreachable, "There is no response from http://127.0.0.1:1/. The connection was refused.");
        result.Error.Should().NotContain("secret-token");
    }

    [Fact]
    public async Task Tail_OtherServer_ReportsNotGreenApi()
    {
        await using var host = await WebhookServer.StartAsync(body: "<html>It works!</html>");

        var result = await ToolProcess.RunAsync("tail", "--id-instance", "5", "--token", "secret-token", "--api-url", host.Url);

        result.ShouldHaveFailed(ExitCode.Unreachable, "is not GREEN-API.");
        result.Error.Should().NotContain("secret-token");
    }

    private ToolProcess StartTail(params string[] options) => ToolProcess.Start(
        new Dictionary<string, string>
        {
            ["GreenApi__Instances__0__IdInstance"] = $"{_instance.IdInstance}",
            ["GreenApi__Instances__0__ApiTokenInstance"] = _instance.ApiTokenInstance,
            ["GreenApi__Instances__0__ApiUrl"] = $"{_gateway.ApiUrl}",
        },
        ["tail", .. options]);

    private async Task DeleteHeadAsync()
    {
        using var client = new HttpClient { BaseAddress = new(_gateway.ApiUrl, $"waInstance{_instance.IdInstance}/") };
        using var head = JsonDocument.Parse(await client.GetStringAsync($"receiveNotification/{_instance.ApiTokenInstance}"));
        await client.DeleteAsync($"deleteNotification/{_instance.ApiTokenInstance}/{head.RootElement.GetProperty("receiptId").GetInt64()}");
    }
}
