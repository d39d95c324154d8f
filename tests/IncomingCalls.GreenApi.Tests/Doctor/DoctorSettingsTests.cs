using static IncomingCalls.DoctorFindingCode;
using static IncomingCalls.DoctorSeverity;

namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>Whether the settings let calls through, and to whom.</summary>
public sealed class DoctorSettingsTests : IAsyncLifetime
{
    /// <summary>Nobody answers there: what the settings say about it is what matters here.</summary>
    private static readonly Uri Ours = new("http://localhost:1/hooks/s3cret");

    private Practice _practice = null!;

    public async Task InitializeAsync() => _practice = await Practice.OpenAsync();

    public async Task DisposeAsync() => await _practice.DisposeAsync();

    [Fact]
    public async Task ExamineAsync_PolledAndWell_SettingsAreOk()
    {
        var report = await PolledAsync();

        report.ShouldHave(CallNotificationsOn, Ok, "incomingCallWebhook is on.");
        report.ShouldHave(PollingPossible, Ok);
        report.ShouldHave(LidModeOff, Ok);
        report.Codes().Should().NotContain(MessageNotificationsOff);
        report.Severity.Should().Be(Ok);
    }

    [Fact]
    public async Task ExamineAsync_CallsAreOff_Error()
    {
        _practice.Account.Settings.IncomingCallWebhook = false;

        (await PolledAsync()).ShouldHave(CallNotificationsOff, Error, "incomingCallWebhook is off.");
    }

    [Fact]
    public async Task ExamineAsync_SwitchIsNotTold_Warning()
    {
        _practice.Simulator.FailNext("getSettings", 200, """{"webhookUrl":""}""");

        var report = await PolledAsync();

        report.ShouldHave(CallNotificationsUntold, Warning, "incomingCallWebhook is not told.");
        report.Codes().Should().Contain(LidModeOff).And.NotContain(MessageNotificationsOff);
    }

    [Fact]
    public async Task ExamineAsync_MessagesAreOff_WarningForOlderServers()
    {
        _practice.Account.Settings.IncomingWebhook = false;

        var report = await PolledAsync();

        report.ShouldHave(MessageNotificationsOff, Warning);
        report.ShouldHave(CallNotificationsOn, Ok);
    }

    [Fact]
    public async Task ExamineAsync_LidMode_Info()
    {
        _practice.Account.Settings.EnableLidMode = true;

        (await PolledAsync()).ShouldHave(LidModeOn, Info);
    }

    [Fact]
    public async Task ExamineAsync_PolledWithWebhookUrl_PollingIsBlocked()
    {
        _practice.Account.SetWebhook(Ours);

        var report = await _practice.Doctor.ExamineAsync(_practice.Polled);

        report.ShouldHave(PollingBlocked, Error, "The instance is polled, but webhookUrl leads to http://localhost:1.");
        _practice.Account.Requests.Should().NotContainKey("receiveNotification", "it would be answered with 400");
    }

    [Fact]
    public async Task ExamineAsync_WebhookUrlSetMeanwhile_PollingIsBlocked()
    {
        _practice.Simulator.FailNext("receiveNotification", 400, """{"code":"INVALID_PARAM","message":"custom webhook url is set","status":"error"}""");

        (await _practice.Doctor.ExamineAsync(_practice.Polled)).ShouldHave(PollingBlocked, Error, "receiveNotification was answered *");
    }

    [Fact]
    public async Task ExamineAsync_WebhookAndNoUrl_UrlIsMissing()
    {
        var report = await WebhookAsync(Ours);

        report.ShouldHave(WebhookUrlMissing, Error);
        report.Codes().Should().NotContain([WebhookTokenMissing, PollingPossible]);
    }

    [Fact]
    public async Task ExamineAsync_WebhookAndNobodySaysWhichUrlIsOurs_Info()
    {
        _practice.Account.SetWebhook(Ours, "Bearer s3cret");

        var report = await WebhookAsync(null);

        report.ShouldHave(WebhookUrlUnchecked, Info, "webhookUrl leads to http://localhost:1.");
        report.Codes().Should().NotContain([WebhookTokenMissing, WebhookTokenOurs, WebhookTokenForeign]);
    }

    [Theory]
    [InlineData("http://localhost:1/hooks/s3cret")]
    [InlineData("HTTP://LOCALHOST:1/hooks/s3cret/")]
    public async Task ExamineAsync_WebhookUrlIsOurs_Ok(string url)
    {
        _practice.Account.SetWebhook(new(url), "Bearer s3cret");

        (await WebhookAsync(Ours)).ShouldHave(WebhookUrlOurs, Ok);
    }

    [Theory]
    [InlineData("https://automation.example.test/s3cret", "webhookUrl leads to https://automation.example.test.")]
    [InlineData("http://user:s3cret@localhost:2/hooks/s3cret", "webhookUrl leads to http://localhost:2.")]
    [InlineData("http://localhost:1/S3cret", "webhookUrl leads to http://localhost:1, but to another path than ours.")]
    [InlineData("http://localhost:1/hooks/s3cret?tenant=s3cret", "webhookUrl leads to http://localhost:1, but to another path than ours.")]
    [InlineData("s3cret", "webhookUrl leads to no address of HTTP.")]
    public async Task ExamineAsync_WebhookUrlIsSomebodyElses_ErrorThatShowsTheServerAlone(string url, string seen)
    {
        _practice.Account.Settings.WebhookUrl = url;

        (await WebhookAsync(Ours)).ShouldHave(WebhookUrlForeign, Error, seen);
    }

    [Fact]
    public async Task ExamineAsync_NoWebhookToken_Warning()
    {
        _practice.Account.SetWebhook(Ours);

        (await WebhookAsync(Ours)).ShouldHave(WebhookTokenMissing, Warning);
    }

    [Theory]
    [InlineData("Bearer s3cret", "s3cret", WebhookTokenOurs, Ok, "webhookUrlToken is that of our webhook.")]
    [InlineData("s3cret", "Bearer s3cret", WebhookTokenOurs, Ok, "webhookUrlToken is that of our webhook.")]
    [InlineData("Bearer 0ther", "s3cret", WebhookTokenForeign, Error, "webhookUrlToken is another one than that of our webhook.")]
    [InlineData("", "s3cret", WebhookTokenForeign, Error, "webhookUrlToken is empty, unlike that of our webhook.")]
    [InlineData("", "Bearer", WebhookTokenMissing, Warning, "webhookUrlToken is empty.")]
    public async Task ExamineAsync_WebhookToken_IsComparedWithOurs(
        string theirs, string ours, DoctorFindingCode code, DoctorSeverity severity, string seen)
    {
        _practice.Account.SetWebhook(Ours, theirs);

        var report = await _practice.Doctor.ExamineAsync(_practice.Webhook, new() { WebhookToken = ours });

        report.ShouldHave(code, severity, seen);
    }

    [Fact]
    public async Task ExamineAsync_TokensOfTheInstance_AnyOfThemIsOurs()
    {
        _practice.Account.SetWebhook(Ours, "Bearer n3w");
        var instance = new CallInstance
        {
            IdInstance = _practice.Account.IdInstance,
            ApiUrl = _practice.Simulator.ApiUrl,
            ApiTokenInstance = "s3cret",
            Receive = ReceiveMode.Webhook,
            WebhookTokens = ["0ld", "n3w"],
        };

        (await _practice.Doctor.ExamineAsync(instance)).ShouldHave(WebhookTokenOurs, Ok);
    }

    private Task<DoctorReport> PolledAsync() => _practice.Doctor.ExamineAsync(_practice.Polled, Practice.Quick);

    private Task<DoctorReport> WebhookAsync(Uri? ours) =>
        _practice.Doctor.ExamineAsync(_practice.Webhook, new() { WebhookUrl = ours });
}
