using System.Text.Json;
using IncomingCalls.GreenApi.Tests.Hosting;
using static IncomingCalls.DoctorFindingCode;
using static IncomingCalls.DoctorSeverity;

namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>Findings on the webhook: whether it is reachable, accepts its token and rejects other tokens.</summary>
public sealed class DoctorWebhookTests : IAsyncLifetime
{
    private DoctorFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await DoctorFixture.StartAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Theory]
    [InlineData("s3cret")]
    [InlineData("Bearer s3cret")]
    [InlineData("Basic s3cret")]
    public async Task ExamineAsync_RealWebhook_AnswersAndIsGuarded(string token)
    {
        await using var webhook = await WebhookHost.StartAsync("s3cret");
        _fixture.Instance.SetWebhook(webhook.Url, "Bearer s3cret");

        var report = await ExamineAsync(webhook.Url, token);

        report.ShouldHave(WebhookAnswers, Ok, $"{webhook.Url.GetLeftPart(UriPartial.Authority)} responded with 200.");
        report.ShouldHave(WebhookGuarded, Ok, "A request with a wrong token returned 401.");
        report.Severity.Should().Be(Ok);
        report.Codes().Should().Equal(
            ClockRight, ApiTokenAccepted, InstanceAuthorized, CallNotificationsOn, LidModeOff, WebhookUrlMatches, WebhookTokenMatches,
            QueueEmpty, WebhookAnswers, WebhookGuarded, WebhookTakesLargeBodies);
    }

    [Fact]
    public async Task ExamineAsync_Probe_IsOtherTypeAndReachesNoCallHandler()
    {
        await using var webhook = await WebhookHost.StartAsync("s3cret");

        await ExamineAsync(webhook.Url, "s3cret");

        webhook.Recorder.OtherNotifications.Should().Equal("incomingCallsDoctor", "incomingCallsDoctor");
        webhook.Recorder.Events.Should().BeEmpty();
    }

    [Fact]
    public async Task ExamineAsync_InstanceToken_IsSent()
    {
        await using var webhook = await WebhookHost.StartAsync("s3cret");
        var instance = new CallInstance { IdInstance = NotificationJson.IdInstance, Receive = ReceiveMode.Webhook, WebhookTokens = ["s3cret"] };

        var report = await _fixture.Doctor.ExamineAsync(instance, new() { WebhookUrl = webhook.Url });

        report.Codes().Should().Equal(ApiTokenMissing, WebhookAnswers, WebhookGuarded, WebhookTakesLargeBodies);
    }

    [Theory]
    [InlineData("0ther")]
    [InlineData(null)]
    public async Task ExamineAsync_TokenMismatch_Error(string? token)
    {
        await using var webhook = await WebhookHost.StartAsync("s3cret");

        var report = await ExamineAsync(webhook.Url, token);

        report.ShouldHave(WebhookRefusesToken, Error, "* responded with 401.");
        report.ShouldHave(WebhookGuarded, Ok);
    }

    [Fact]
    public async Task ExamineAsync_WebhookWithoutToken_Error()
    {
        await using var webhook = await WebhookHost.StartAsync(token: null);

        var report = await ExamineAsync(webhook.Url, null);

        report.ShouldHave(WebhookAnswers, Ok);
        report.ShouldHave(WebhookUnguarded, Error, "A request with a wrong token returned 200.");
    }

    [Theory]
    [InlineData(202, WebhookAnswersWrongly, Error)]
    [InlineData(302, WebhookAnswersWrongly, Error)]
    [InlineData(503, WebhookAnswersWrongly, Error)]
    [InlineData(403, WebhookRefusesSender, Warning)]
    public async Task ExamineAsync_OtherStatusCode_MapsToFinding(int status, DoctorFindingCode code, DoctorSeverity severity)
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.FallbackHandler = context => FakeGateway.SendAsync(context, status, "");

        (await ExamineAsync(new(gateway.ApiUrl, "/hook"), "s3cret")).ShouldHave(code, severity, $"* responded with {status}.");
    }

    [Fact]
    public async Task ExamineAsync_UnexpectedResponseToWrongToken_Warning()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.FallbackHandler = context => FakeGateway.SendAsync(context, context.Request.Headers.Authorization == "Bearer s3cret" ? 200 : 500, "");

        var report = await ExamineAsync(new(gateway.ApiUrl, "/hook"), "s3cret");

        report.ShouldHave(WebhookAnswers, Ok);
        report.ShouldHave(WebhookGuardUnclear, Warning, "A request with a wrong token returned 500.");
    }

    [Fact]
    public async Task ExamineAsync_ConnectionRefused_WebhookUnreachable()
    {
        var report = await ExamineAsync(new("http://127.0.0.1:1/s3cret"), "s3cret");

        report.ShouldHave(WebhookUnreachable, Error, "http://127.0.0.1:1 could not be reached: Unreachable (ConnectionRefused at http://127.0.0.1:1).");
        report.Codes().Should().Contain(ApiTokenAccepted, "the checks of API and webhook are independent");
    }

    [Fact]
    public async Task ExamineAsync_Timeout_WebhookUnreachable()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var asked = false;
        gateway.FallbackHandler = async context =>
        {
            asked = true;
            _fixture.Signal.Notify();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        var examining = ExamineAsync(new(gateway.ApiUrl, "/hook"), "s3cret");
        await _fixture.Signal.WaitUntilAsync(() => asked);

        _fixture.Time.Advance(TimeSpan.FromSeconds(40));

        (await examining).ShouldHave(WebhookUnreachable, Error, "* could not be reached: TimedOut.");
    }

    [Fact]
    public async Task ExamineAsync_ProxyWithALimitOfOneMegabyte_WebhookLimitsSize()
    {
        await using var proxy = await FakeGateway.StartAsync();
        var lengths = new List<long?>();
        proxy.FallbackHandler = context =>
        {
            lengths.Add(context.Request.ContentLength);
            return FakeGateway.SendAsync(context, context.Request.ContentLength > 1024 * 1024 ? 413 : context.Request.Headers.Authorization == "Bearer s3cret" ? 200 : 401, "");
        };

        var report = await ExamineAsync(new(proxy.ApiUrl, "/hook"), "s3cret");

        report.ShouldHave(WebhookAnswers, Ok);
        report.ShouldHave(WebhookLimitsSize, Error, "A notification of 1.2 MB was rejected because of its size (413).");
        report.Findings.Single(finding => finding.Code == WebhookLimitsSize).Advice.Should().Contain("client_max_body_size 16m");
        lengths.Max().Should().BeInRange(1_200_000, 1_300_000);
    }

    [Fact]
    public async Task ExamineAsync_LargeNotificationFails_Warning()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.FallbackHandler = context => FakeGateway.SendAsync(context, context.Request.ContentLength > 1024 * 1024 ? 500 : 200, "");

        (await ExamineAsync(new(gateway.ApiUrl, "/hook"), "s3cret")).ShouldHave(WebhookSizeUnclear, Warning, "A notification of 1.2 MB was answered with 500.");
    }

    [Fact]
    public async Task ExamineAsync_InstanceUnknownToTheHost_WebhookDropsInstance()
    {
        await using var webhook = await WebhookHost.StartAsync("s3cret", [new() { IdInstance = 7 }]);

        var report = await ExamineAsync(webhook.Url, "s3cret");

        report.ShouldHave(WebhookDropsInstance, Error, "* responded with 200 and dropped the notification, because the host does not know instance 1101000001.");
        report.Codes().Should().Contain(WebhookGuarded).And.NotContain(WebhookAnswers);
        webhook.Recorder.OtherNotifications.Should().BeEmpty();
    }

    [Fact]
    public async Task ExamineAsync_AllRequests_NameTheDoctor()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var agents = new List<string>();
        gateway.FallbackHandler = context =>
        {
            agents.Add(context.Request.Headers.UserAgent.ToString());
            return FakeGateway.SendAsync(context, context.Request.Headers.Authorization == "Bearer s3cret" ? 200 : 401, "");
        };

        await ExamineAsync(new(gateway.ApiUrl, "/hook"), "s3cret");

        agents.Should().HaveCount(3).And.OnlyContain(agent => agent.StartsWith("IncomingCalls-Doctor/"));
        agents.Select(agent => agent.EndsWith("(wrong token)", StringComparison.Ordinal)).Should().Equal(false, true, false);
    }

    [Fact]
    public async Task ExamineAsync_Probe_HasGatewayFormat()
    {
        await using var gateway = await FakeGateway.StartAsync();
        (string Method, string? Type, string Body)? seen = null;
        gateway.FallbackHandler = async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            seen = (context.Request.Method, context.Request.ContentType, await reader.ReadToEndAsync());
            return await FakeGateway.SendAsync(context, 503, "");
        };

        await ExamineAsync(new(gateway.ApiUrl, "/hook"), "s3cret");

        seen!.Value.Method.Should().Be("POST");
        seen.Value.Type.Should().Be("application/json; charset=utf-8");
        using var json = JsonDocument.Parse(seen.Value.Body);
        json.RootElement.GetProperty("typeWebhook").GetString().Should().Be("incomingCallsDoctor");
        json.RootElement.GetProperty("instanceData").GetProperty("idInstance").GetInt64().Should().Be(_fixture.Instance.IdInstance);
        json.RootElement.GetProperty("timestamp").GetInt64().Should().BeCloseTo(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), 60);
    }

    private Task<DoctorReport> ExamineAsync(Uri url, string? token) =>
        _fixture.Doctor.ExamineAsync(_fixture.WebhookInstance, new() { WebhookUrl = url, WebhookToken = token });
}
