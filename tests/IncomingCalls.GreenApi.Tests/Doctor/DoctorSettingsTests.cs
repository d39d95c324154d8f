using static IncomingCalls.DoctorFindingCode;
using static IncomingCalls.DoctorSeverity;

namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>Findings on the settings: whether calls are delivered, and where to.</summary>
public sealed class DoctorSettingsTests : IAsyncLifetime
{
    /// <summary>A URL without a listener, since these tests only compare settings.</summary>
    private static readonly Uri WebhookUrl = new("http://localhost:1/hooks/s3cret");

    private DoctorFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await DoctorFixture.StartAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task ExamineAsync_PolledInstanceConfigured_SettingsAreOk()
    {
        var report = await ExaminePolledAsync();

        report.ShouldHave(CallNotificationsOn, Ok, "incomingCallWebhook is on.");
        report.ShouldHave(PollingPossible, Ok);
        report.ShouldHave(LidModeOff, Ok);
        report.Codes().Should().NotContain(MessageNotificationsOff);
        report.Severity.Should().Be(Ok);
    }

    [Fact]
    public async Task ExamineAsync_CallNotificationsOff_Error()
    {
        _fixture.Instance.Settings.IncomingCallWebhook = false;

        (await ExaminePolledAsync()).ShouldHave(CallNotificationsOff, Error, "incomingCallWebhook is off.");
    }

    [Fact]
    public async Task ExamineAsync_CallNotificationsUnknown_Warning()
    {
        _fixture.Simulator.FailNext("getSettings", 200, """{"webhookUrl":""}""");

        var report = await ExaminePolledAsync();

        report.ShouldHave(CallNotificationsUnknown, Warning, "incomingCallWebhook is missing in the settings.");
        report.Codes().Should().Contain(LidModeOff).And.NotContain(MessageNotificationsOff);
    }

    [Fact]
    public async Task ExamineAsync_MessageNotificationsOff_Warning()
    {
        _fixture.Instance.Settings.IncomingWebhook = false;

        var report = await ExaminePolledAsync();

        report.ShouldHave(MessageNotificationsOff, Warning);
        report.ShouldHave(CallNotificationsOn, Ok);
    }

    [Fact]
    public async Task ExamineAsync_LidModeOn_Info()
    {
        _fixture.Instance.Settings.EnableLidMode = true;

        (await ExaminePolledAsync()).ShouldHave(LidModeOn, Info);
    }

    [Fact]
    public async Task ExamineAsync_PolledWithWebhookUrl_PollingIsBlocked()
    {
        _fixture.Instance.SetWebhook(WebhookUrl);

        var report = await _fixture.Doctor.ExamineAsync(_fixture.PolledInstance);

        report.ShouldHave(PollingBlocked, Error, "The instance is polled, but webhookUrl points to http://localhost:1.");
        _fixture.Instance.Requests.Should().NotContainKey("receiveNotification", "the request would be answered with 400");
    }

    [Theory]
    [InlineData("https://user:s3cret@automation.example.test:8443/s3cret?token=s3cret", null, "The notifications of this polled instance are posted to the host automation.example.test.")]
    [InlineData("https://automation.example.test/s3cret", "http://localhost:1/hooks", "The notifications are posted to the host automation.example.test; your webhook is on the host localhost.")]
    public async Task ExamineAsync_PolledWithForeignWebhookUrl_NamesTheHostOnly(string url, string? own, string seen)
    {
        _fixture.Instance.Settings.WebhookUrl = url;

        var report = await _fixture.Doctor.ExamineAsync(_fixture.PolledInstance, new() { WebhookUrl = own is null ? null : new(own) });

        report.ShouldHave(PollingBlocked, Error);
        report.ShouldHave(WebhookUrlForeign, Warning, seen);
        report.Findings.Should().NotContain(static finding => finding.Message.Contains("s3cret"));
    }

    [Fact]
    public async Task ExamineAsync_WebhookWithForeignUrl_NamesTheHostOnly()
    {
        _fixture.Instance.Settings.WebhookUrl = "https://user:s3cret@automation.example.test/s3cret?token=s3cret";

        var report = await ExamineWebhookAsync(WebhookUrl);

        report.ShouldHave(WebhookUrlMismatch, Error);
        report.ShouldHave(WebhookUrlForeign, Warning, "The notifications are posted to the host automation.example.test; your webhook is on the host localhost.");
        report.Findings.Should().NotContain(static finding => finding.Message.Contains("s3cret"));
    }

    [Theory]
    [InlineData(ReceiveMode.Polling, "http://LOCALHOST:2/other")]
    [InlineData(ReceiveMode.Webhook, "http://LOCALHOST:2/other")]
    [InlineData(ReceiveMode.Polling, "s3cret")]
    [InlineData(ReceiveMode.Webhook, "s3cret")]
    [InlineData(ReceiveMode.Polling, "")]
    public async Task ExamineAsync_WebhookUrlOfTheOwnHostOrNone_IsNotForeign(ReceiveMode receive, string url)
    {
        _fixture.Instance.Settings.WebhookUrl = url;
        var instance = _fixture.Instance.ToCallInstance(_fixture.Simulator.ApiUrl, receive);

        (await _fixture.Doctor.ExamineAsync(instance, new() { WebhookUrl = WebhookUrl, ConsumerWatchDuration = null })).Codes().Should().NotContain(WebhookUrlForeign);
    }

    [Fact]
    public async Task ExamineAsync_WebhookAndOwnAddressNotKnown_IsNotForeign()
    {
        _fixture.Instance.Settings.WebhookUrl = "https://automation.example.test/s3cret";

        (await ExamineWebhookAsync(null)).Codes().Should().NotContain(WebhookUrlForeign);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    public async Task ExamineAsync_JournalBesideAnotherIntegration_SaysWhetherItsSettingsAreOnAndChangesNothing(bool messages, bool calls, bool isOn)
    {
        _fixture.Instance.Settings.WebhookUrl = "https://crm.example.test/hook";
        (_fixture.Instance.Settings.IncomingWebhook, _fixture.Instance.Settings.IncomingCallWebhook) = (messages, calls);

        var report = await _fixture.Doctor.ExamineAsync(_fixture.Instance.ToCallInstance(_fixture.Simulator.ApiUrl, ReceiveMode.Journal));

        report.ShouldHave(isOn ? JournalSettingsOn : JournalSettingsOff, isOn ? Ok : Error);
        report.Codes().Should().NotContain([CallNotificationsOff, MessageNotificationsOff, WebhookUrlUnchecked, WebhookUrlForeign, PollingBlocked, QueueEmpty, QueueWaiting]);
        _fixture.Instance.Requests.Keys.Should().NotContain(["setSettings", "receiveNotification", "deleteNotification", "getWebhooksCount"]);
    }

    [Fact]
    public async Task ExamineAsync_WebhookUrlSetDuringExamination_PollingIsBlocked()
    {
        _fixture.Simulator.FailNext("receiveNotification", 400, """{"code":"INVALID_PARAM","message":"custom webhook url is set","status":"error"}""");

        (await _fixture.Doctor.ExamineAsync(_fixture.PolledInstance)).ShouldHave(PollingBlocked, Error, "receiveNotification returned *");
    }

    [Fact]
    public async Task ExamineAsync_WebhookAndNoUrl_UrlIsMissing()
    {
        var report = await ExamineWebhookAsync(WebhookUrl);

        report.ShouldHave(WebhookUrlMissing, Error);
        report.Codes().Should().NotContain([WebhookTokenMissing, PollingPossible]);
    }

    [Fact]
    public async Task ExamineAsync_WebhookUrlNotInOptions_Info()
    {
        _fixture.Instance.SetWebhook(WebhookUrl, "Bearer s3cret");

        var report = await ExamineWebhookAsync(null);

        report.ShouldHave(WebhookUrlUnchecked, Info, "webhookUrl points to http://localhost:1.");
        report.Codes().Should().NotContain([WebhookTokenMissing, WebhookTokenMatches, WebhookTokenMismatch]);
    }

    [Theory]
    [InlineData("http://localhost:1/hooks/s3cret")]
    [InlineData("HTTP://LOCALHOST:1/hooks/s3cret/")]
    public async Task ExamineAsync_WebhookUrlMatches_Ok(string url)
    {
        _fixture.Instance.SetWebhook(new(url), "Bearer s3cret");

        (await ExamineWebhookAsync(WebhookUrl)).ShouldHave(WebhookUrlMatches, Ok);
    }

    [Theory]
    [InlineData("https://automation.example.test/s3cret", "webhookUrl points to https://automation.example.test.")]
    [InlineData("http://user:s3cret@localhost:2/hooks/s3cret", "webhookUrl points to http://localhost:2.")]
    [InlineData("http://localhost:1/S3cret", "webhookUrl points to http://localhost:1, but its path or query differs from that of your webhook.")]
    [InlineData("http://localhost:1/hooks/s3cret?tenant=s3cret", "webhookUrl points to http://localhost:1, but its path or query differs from that of your webhook.")]
    [InlineData("s3cret", "webhookUrl is not an http or https address.")]
    public async Task ExamineAsync_WebhookUrlMismatch_ErrorShowsServerOnly(string url, string seen)
    {
        _fixture.Instance.Settings.WebhookUrl = url;

        (await ExamineWebhookAsync(WebhookUrl)).ShouldHave(WebhookUrlMismatch, Error, seen);
    }

    [Fact]
    public async Task ExamineAsync_NoWebhookToken_Warning()
    {
        _fixture.Instance.SetWebhook(WebhookUrl);

        (await ExamineWebhookAsync(WebhookUrl)).ShouldHave(WebhookTokenMissing, Warning);
    }

    [Theory]
    [InlineData("Bearer s3cret", "s3cret", WebhookTokenMatches, Ok, "webhookUrlToken is the token of your webhook.")]
    [InlineData("s3cret", "Bearer s3cret", WebhookTokenMatches, Ok, "webhookUrlToken is the token of your webhook.")]
    [InlineData("Bearer 0ther", "s3cret", WebhookTokenMismatch, Error, "webhookUrlToken differs from the token of your webhook.")]
    [InlineData("", "s3cret", WebhookTokenMismatch, Error, "webhookUrlToken is empty, but your webhook requires a token.")]
    [InlineData("", "Bearer", WebhookTokenMissing, Warning, "webhookUrlToken is empty.")]
    public async Task ExamineAsync_WebhookToken_IsComparedWithConfigured(
        string theirs, string ours, DoctorFindingCode code, DoctorSeverity severity, string seen)
    {
        _fixture.Instance.SetWebhook(WebhookUrl, theirs);

        var report = await _fixture.Doctor.ExamineAsync(_fixture.WebhookInstance, new() { WebhookToken = ours });

        report.ShouldHave(code, severity, seen);
    }

    [Fact]
    public async Task ExamineAsync_SeveralInstanceTokens_AnyMatches()
    {
        _fixture.Instance.SetWebhook(WebhookUrl, "Bearer n3w");
        var instance = new CallInstance
        {
            IdInstance = _fixture.Instance.IdInstance,
            ApiUrl = _fixture.Simulator.ApiUrl,
            ApiTokenInstance = "s3cret",
            Receive = ReceiveMode.Webhook,
            WebhookTokens = ["0ld", "n3w"],
        };

        (await _fixture.Doctor.ExamineAsync(instance)).ShouldHave(WebhookTokenMatches, Ok);
    }

    private Task<DoctorReport> ExaminePolledAsync() => _fixture.Doctor.ExamineAsync(_fixture.PolledInstance, DoctorFixture.WithoutConsumerWatch);

    private Task<DoctorReport> ExamineWebhookAsync(Uri? ours) =>
        _fixture.Doctor.ExamineAsync(_fixture.WebhookInstance, new() { WebhookUrl = ours });
}
