using System.Globalization;
using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Cli.Tests.Send;

public sealed class SendTests
{
    [Theory]
    [InlineData("offer", "offer")]
    [InlineData("PICKUP", "pickUp")]
    [InlineData("hungUp", "hungUp")]
    [InlineData("hangUp", "hangUp")]
    [InlineData("declined", "declined")]
    [InlineData("missed", "missed")]
    [InlineData("Transferred", "Transferred")]
    [InlineData("none", null)]
    public async Task Send_AnyStatus_IsPostedLikeTheGateway(string typed, string? status)
    {
        await using var host = await WebhookServer.StartAsync();

        var result = await ToolProcess.RunAsync("send", typed, "--webhook", host.Url, "--from", "+70000000102", "--id-instance", "7103000001", "--call-id", "A1");

        result.ExitCode.Should().Be(0, result.Error);
        result.Lines.Should().ContainSingle().Which.Should().MatchRegex("^200 after [0-9]+ ms: .* of call A1 is acknowledged$");
        var call = host.ReceivedCalls.Should().ContainSingle().Subject;
        call.Should().BeEquivalentTo(new { IdMessage = "A1", RawStatus = status, IsFromSelf = false });
        call.From!.Value.Value.Should().Be("70000000102@c.us");
        call.Instance.IdInstance.Should().Be(7103000001);
    }

    [Fact]
    public async Task Send_AsJson_IsOneObject()
    {
        await using var host = await WebhookServer.StartAsync(body: "thank you");

        var result = await ToolProcess.RunAsync("send", "offer", "--webhook", host.Url, "--json", "--from", "anonymous");

        var line = result.Json.Should().ContainSingle().Subject;
        line.GetProperty("webhook").GetString().Should().Be(host.Url);
        line.GetProperty("httpStatus").GetInt32().Should().Be(200);
        line.GetProperty("isAcknowledged").GetBoolean().Should().BeTrue();
        line.GetProperty("status").GetString().Should().Be("offer");
        line.GetProperty("answer").GetString().Should().Be("thank you");
        line.GetProperty("callId").GetString().Should().Be(host.ReceivedCalls.Single().IdMessage).And.MatchRegex("^[0-9A-F]{32}$");
        line.TryGetProperty("from", out _).Should().BeFalse();
        host.ReceivedCalls.Single().From.Should().BeNull();
    }

    [Fact]
    public async Task Send_Age_ShiftsTheTimestamp()
    {
        await using var host = await WebhookServer.StartAsync();

        await ToolProcess.RunAsync("send", "offer", "--webhook", host.Url, "--age", "10m");

        (TimeProvider.System.GetUtcNow() - host.ReceivedCalls.Single().Timestamp!.Value).Should().BeCloseTo(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("my-secret", "Bearer my-secret")]
    [InlineData("Basic bXktc2VjcmV0", "Basic bXktc2VjcmV0")]
    [InlineData("", "")]
    public async Task Send_Token_IsSentInTheHeader(string token, string authorization)
    {
        await using var host = await WebhookServer.StartAsync();

        await ToolProcess.RunAsync("send", "offer", "--webhook", host.Url, "--webhook-token", token);

        host.ReceivedAuthorizations.Should().Equal(authorization);
    }

    [Fact]
    public async Task Send_ConfiguredToken_IsReadFromFileAndEnvironment()
    {
        await using var host = await WebhookServer.StartAsync();
        using var file = new TemporaryFile("""{ /* of the host */ "IncomingCalls": { "Webhook": { "Tokens": [ "from-file" ] } } }""");
        string[] arguments = ["send", "offer", "--webhook", host.Url, "--config", file.FullName];

        await using (var tool = ToolProcess.Start(arguments))
        {
            (await tool.WaitForExitAsync()).ExitCode.Should().Be(0);
        }

        await using (var tool = ToolProcess.Start(new Dictionary<string, string> { ["IncomingCalls__Webhook__Tokens__0"] = "from-environment" }, arguments))
        {
            (await tool.WaitForExitAsync()).ExitCode.Should().Be(0);
        }

        host.ReceivedAuthorizations.Should().Equal("Bearer from-file", "Bearer from-environment");
    }

    [Theory]
    [InlineData("Stored", "is acknowledged and stored", 0, "")]
    [InlineData("Tracked", "is acknowledged and tracked; it is no event", 0, "")]
    [InlineData("Discarded", "is acknowledged and discarded by the scenario or policy", 0, "")]
    [InlineData("Duplicate", "is acknowledged as a duplicate", 0, "")]
    [InlineData("Somehow", "is acknowledged (Somehow)", 0, "")]
    [InlineData("Refused", "is acknowledged and dropped", 7, "The host does not know instance 1101000001, so the notification is dropped. Compare --id-instance with GreenApi:Instances of the host.")]
    [InlineData("Quarantined", "is acknowledged and quarantined", 7, "The host could not read the notification. 'inbox list --quarantine' shows why.")]
    public async Task Send_Acknowledged_SaysWhatTheResultHeaderSays(string result, string text, int code, string error)
    {
        await using var host = await WebhookServer.StartAsync((context, _) =>
        {
            context.Response.Headers["X-IncomingCalls-Result"] = result;
            return Task.CompletedTask;
        });

        var sent = await ToolProcess.RunAsync("send", "offer", "--webhook", host.Url, "--call-id", "A1");
        var json = await ToolProcess.RunAsync("send", "offer", "--webhook", host.Url, "--json");

        sent.Lines.Should().ContainSingle().Which.Should().EndWith($": offer of call A1 {text}");
        sent.Error.Trim().Should().Be(error);
        sent.ExitCode.Should().Be(code);
        json.Json.Single().GetProperty("result").GetString().Should().Be(result);
    }

    [Fact]
    public async Task Send_WebPageAnswers200_SaysThatItIsNoWebhook()
    {
        await using var host = await WebhookServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<html>Welcome</html>");
        });

        var result = await ToolProcess.RunAsync("send", "offer", "--webhook", host.Url);

        result.ExitCode.Should().Be((int)ExitCode.ProblemsFound);
        result.Error.Trim().Should().Be($"{host.Url} answered with a web page (Kestrel), so another program than the webhook has acknowledged the notification. Correct the address.");
    }

    [Theory]
    [InlineData("offr", "The gateway has no status 'offr'. Did you mean 'offer'? It is sent as typed.")]
    [InlineData("pikup", "The gateway has no status 'pikup'. Did you mean 'pickUp'? It is sent as typed.")]
    [InlineData("hang-up", "The gateway has no status 'hang-up'. Did you mean 'hangUp'? It is sent as typed.")]
    [InlineData("Transferred", "The gateway has no status 'Transferred'; its statuses are offer, pickUp, hungUp, hangUp, declined, missed. It is sent as typed.")]
    [InlineData("declined", "")]
    [InlineData("none", "")]
    public async Task Send_UnknownStatus_WarnsAndSends(string status, string warning)
    {
        await using var host = await WebhookServer.StartAsync();

        var result = await ToolProcess.RunAsync("send", status, "--webhook", host.Url);

        result.ExitCode.Should().Be(0);
        result.Error.Trim().Should().Be(warning);
        host.ReceivedCalls.Should().ContainSingle();
    }

    [Fact]
    public async Task Send_Redirect_SaysWhereItLeadsTo()
    {
        await using var host = await WebhookServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "https://crm.example.com/hook?key=hidden";
            return Task.CompletedTask;
        });

        var result = await ToolProcess.RunAsync("send", "offer", "--webhook", host.Url);

        result.ExitCode.Should().Be((int)ExitCode.NotAcknowledged);
        result.Error.Trim().Should().Be(
            $"{host.Url} answered 307 (Kestrel), a redirect to https://crm.example.com/hook. Only 200 acknowledges a notification: write https://crm.example.com/hook into webhookUrl.");
    }

    [Theory]
    [InlineData("//hook", "The path contains a double slash. Write {0}/hook into webhookUrl.")]
    [InlineData("/hook/", "The path ends with a slash. Write {0}/hook into webhookUrl.")]
    [InlineData("", "The address has no path. MapIncomingCalls maps /webhooks/green-api by default: write {0}/webhooks/green-api into webhookUrl.")]
    [InlineData("/other", "Compare the path with the pattern of MapIncomingCalls, by default /webhooks/green-api, and with the path that a proxy passes on.")]
    public async Task Send_PathWithoutEndpoint_SaysWhatToWrite(string path, string advice)
    {
        await using var host = await WebhookServer.StartAsync(404);
        var server = new Uri(host.Url).GetLeftPart(UriPartial.Authority);

        var result = await ToolProcess.RunAsync("send", "offer", "--webhook", $"{server}{path}");

        result.ExitCode.Should().Be((int)ExitCode.NotAcknowledged);
        result.Error.Trim().Should().EndWith($" answered 404 (Kestrel), so nothing receives notifications at the path. {string.Format(CultureInfo.InvariantCulture, advice, server)}");
    }

    [Theory]
    [InlineData(401, "rejected the token (401)")]
    [InlineData(403, "(403)")]
    [InlineData(404, "so nothing receives notifications at the path")]
    [InlineData(503, "cannot store the notification now (503)")]
    [InlineData(204, "Only 200 acknowledges it")]
    [InlineData(302, "responded with 302")]
    [InlineData(413, "responded with 413 (Kestrel), not from the endpoint of IncomingCalls")]
    public async Task Send_AnswerOtherThan200_ReportsNotAcknowledged(int status, string sentence)
    {
        await using var host = await WebhookServer.StartAsync(status);

        var result = await ToolProcess.RunAsync("send", "offer", "--webhook", host.Url, "--webhook-token", "my-secret");

        result.ExitCode.Should().Be((int)ExitCode.NotAcknowledged);
        result.Lines.Should().ContainSingle().Which.Should().StartWith(string.Create(CultureInfo.InvariantCulture, $"{status} after"));
        result.Error.Should().Contain(sentence).And.NotContain("my-secret");
    }

    [Fact]
    public async Task Send_NoServer_ReportsUnreachableWithoutSecrets()
    {
        var result = await ToolProcess.RunAsync("send", "offer", "--webhook", "http://user:pass@127.0.0.1:1/hook?key=hidden", "--webhook-token", "my-secret");

        result.ShouldHaveFailed(ExitCode.Unreachable, "There is no response from http://127.0.0.1:1/hook. The connection was refused.");
        result.Error.Should().NotContainAny("pass", "hidden", "my-secret");
    }

    [Fact]
    public async Task Send_Timeout_ReportsUnreachable()
    {
        await using var host = await WebhookServer.StartAsync((context, _) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));

        var result = await ToolProcess.RunAsync("send", "offer", "--webhook", host.Url, "--timeout", "500ms");

        result.ShouldHaveFailed(ExitCode.Unreachable, "The request timed out after 0.5 s.");
    }

    [Theory]
    [InlineData("--webhook 127.0.0.1:5000/hook", "--webhook takes an address such as")]
    [InlineData("--webhook ftp://127.0.0.1/hook", "--webhook takes an address such as")]
    [InlineData("--webhook http://127.0.0.1:1/ --age 10", "--age takes a time")]
    [InlineData("--webhook http://127.0.0.1:1/ --id-instance d75b3a66", "--id-instance takes a whole number of at least 1.")]
    public async Task Send_InvalidValue_ReportsErrorWithoutTheValue(string options, string sentence)
    {
        var result = await ToolProcess.RunAsync(["send", "offer", .. options.Split(' ')]);

        result.ShouldHaveFailed(ExitCode.Usage, sentence);
        result.Error.Should().NotContain("d75b3a66");
    }
}
