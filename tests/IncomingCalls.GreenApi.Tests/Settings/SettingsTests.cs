using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;

namespace IncomingCalls.GreenApi.Tests.Settings;

public sealed class SettingsTests : IAsyncLifetime, IDisposable
{
    private readonly GreenApiClient _client = GreenApiClient.Create();
    private GreenApiSimulator _simulator = null!;
    private SimulatedInstance _account = null!;
    private CallInstance _instance = null!;

    public async Task InitializeAsync()
    {
        // Several requests of one test are not what the limits are about.
        _simulator = await GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = false);
        _account = _simulator.AddInstance();
        _instance = _account.ToCallInstance(_simulator.ApiUrl);
    }

    public async Task DisposeAsync() => await _simulator.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task GetSettingsAsync_Answer_TellsWhatConcernsCalls()
    {
        _account.SetWebhook(new("https://calls.example.test/hook"), "Bearer s3cret");

        var settings = (await _client.GetSettingsAsync(_instance)).Value;

        settings.Should().BeEquivalentTo(new GreenApiSettings
        {
            WebhookUrl = "https://calls.example.test/hook",
            HasWebhookUrlToken = true,
            IncomingWebhook = true,
            IncomingCallWebhook = true,
            OutgoingCallWebhook = false,
            EnableLidMode = false,
        });
    }

    [Fact]
    public async Task SetSettingsAsync_Change_OnlyThatIsWritten()
    {
        _account.Settings.WebhookUrlToken = "Bearer s3cret";

        var answer = await _client.SetSettingsAsync(_instance, new() { IncomingCallWebhook = false, OutgoingCallWebhook = true });

        answer.Should().BeEquivalentTo(new { IsOk = true, Value = true });
        _account.Settings.Should().BeEquivalentTo(new
        {
            IncomingWebhook = true,
            IncomingCallWebhook = false,
            OutgoingCallWebhook = true,
            WebhookUrl = "",
            WebhookUrlToken = "Bearer s3cret",
        });
    }

    [Theory]
    [InlineData(200, """{"saveSettings":false}""", GreenApiStatus.Ok)]
    [InlineData(200, "<html>", GreenApiStatus.InvalidAnswer)]
    [InlineData(400, "Validation failed. Details: 'webhookUrl' must be a valid uri", GreenApiStatus.BadRequest)]
    [InlineData(401, "", GreenApiStatus.Unauthorized)]
    public async Task SetSettingsAsync_Refused_StatusTellsIt(int code, string body, GreenApiStatus status)
    {
        _simulator.FailNext("setSettings", code, body);

        var answer = await _client.SetSettingsAsync(_instance, new() { IncomingCallWebhook = true });

        answer.Should().BeEquivalentTo(new { Status = status, Value = false });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ftp://calls.example.test/s3cret")]
    [InlineData("calls.example.test/s3cret")]
    public async Task SetSettingsAsync_NothingOrNoAddress_ThrowsWithoutShowingIt(string? url)
    {
        var thrown = await FluentActions.Awaiting(() => _client.SetSettingsAsync(_instance, new() { WebhookUrl = url })).Should().ThrowAsync<ArgumentException>();

        thrown.Which.Message.Should().NotContain("s3cret");
        _account.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_AllIsWell_NothingIsWritten()
    {
        var result = await _client.EnsureCallNotificationsAsync(_instance);

        result.Should().BeEquivalentTo(new { Status = GreenApiStatus.Ok, Differences = Array.Empty<string>(), IsWritten = false, IsEnsured = true });
        result.ToString().Should().Be("All settings are as wanted.");
        _account.Requests.Should().NotContainKey("setSettings");
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_CallsAreOff_ThatAloneIsWritten()
    {
        _account.Settings.IncomingCallWebhook = false;

        var result = await _client.EnsureCallNotificationsAsync(_instance);

        result.Differences.Should().Equal("incomingCallWebhook");
        result.Should().BeEquivalentTo(new { IsWritten = true, IsEnsured = true });
        result.ToString().Should().Be("Written: incomingCallWebhook. The instance restarts.");
        _account.Settings.IncomingCallWebhook.Should().BeTrue();
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_EverythingIsOther_IsWrittenOnceAndThenWell()
    {
        (_account.Settings.IncomingCallWebhook, _account.Settings.IncomingWebhook) = (false, false);
        var also = new GreenApiSettingsChange { WebhookUrl = "https://calls.example.test/hook", WebhookUrlToken = "Bearer s3cret", OutgoingCallWebhook = true };

        var first = await _client.EnsureCallNotificationsAsync(_instance, also);
        var second = await _client.EnsureCallNotificationsAsync(_instance, also);

        first.Differences.Should().Equal("webhookUrl", "webhookUrlToken", "incomingWebhook", "incomingCallWebhook", "outgoingCallWebhook");
        second.Should().BeEquivalentTo(new { Differences = Array.Empty<string>(), IsEnsured = true });
        _account.Settings.WebhookUrlToken.Should().Be("Bearer s3cret");
        _account.Requests["setSettings"].Should().Be(1);
    }

    [Theory]
    [InlineData("https://Calls.example.test:443/hook/", "s3cret")]
    [InlineData("https://calls.example.test/hook", "Bearer Bearer s3cret")]
    public async Task EnsureCallNotificationsAsync_AddressAndTokenWrittenOtherwise_CountAsTheSame(string url, string token)
    {
        _account.SetWebhook(new("https://calls.example.test/hook"), "Bearer s3cret");

        var result = await _client.EnsureCallNotificationsAsync(_instance, new() { WebhookUrl = url, WebhookUrlToken = token });

        result.Differences.Should().BeEmpty();
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_PollingIsWanted_WebhookUrlIsCleared()
    {
        _account.SetWebhook(new("http://127.0.0.1:1/hook"));

        var result = await _client.EnsureCallNotificationsAsync(_instance, new() { WebhookUrl = "" });

        result.Differences.Should().Equal("webhookUrl");
        _account.Settings.WebhookUrl.Should().BeEmpty();
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_MessagesAreNotWanted_CallsAreEnsuredAlone()
    {
        (_account.Settings.IncomingCallWebhook, _account.Settings.IncomingWebhook) = (false, false);

        await _client.EnsureCallNotificationsAsync(_instance, new() { IncomingWebhook = false, IncomingCallWebhook = false });

        _account.Settings.Should().BeEquivalentTo(new { IncomingWebhook = false, IncomingCallWebhook = true });
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_SettingIsNotTold_IsWritten()
    {
        _simulator.FailNext("getSettings", 200, """{"webhookUrl":"","incomingWebhook":"yes"}""");

        (await _client.EnsureCallNotificationsAsync(_instance)).Differences.Should().Equal("incomingCallWebhook");
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_CannotBeRead_NothingIsWritten()
    {
        _simulator.FailNext("getSettings", 500);

        var result = await _client.EnsureCallNotificationsAsync(_instance);

        result.Should().BeEquivalentTo(new { Status = GreenApiStatus.ServerError, IsWritten = false, IsEnsured = false });
        result.ToString().Should().Be("The settings could not be read (ServerError).");
        _account.Requests.Should().NotContainKey("setSettings");
    }

    [Theory]
    [InlineData(429, "", GreenApiStatus.RateLimited)]
    [InlineData(200, """{"saveSettings":false}""", GreenApiStatus.Ok)]
    public async Task EnsureCallNotificationsAsync_CannotBeWritten_SaysWhatIsDifferent(int code, string body, GreenApiStatus status)
    {
        _account.Settings.IncomingCallWebhook = false;
        _simulator.FailNext("setSettings", code, body);

        var result = await _client.EnsureCallNotificationsAsync(_instance);

        result.Should().BeEquivalentTo(new { Status = status, IsWritten = false, IsEnsured = false });
        result.Differences.Should().Equal("incomingCallWebhook");
        result.ToString().Should().Be($"Different, but not written ({status}): incomingCallWebhook.");
    }

    [Fact]
    public async Task Host_StartsWithCallsOff_SettingsAreLeftAlone()
    {
        _account.Settings.IncomingCallWebhook = false;
        await using var host = await TestHost.StartAsync(new(), [_instance]);

        _account.Enqueue(Wire.Foreign(_account.IdInstance));
        await _account.WaitUntilHandledAsync();

        _account.Requests.Keys.Should().BeSubsetOf(["receiveNotification", "deleteNotification"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetWebhooksCountAsync_EitherSpelling_IsRead(bool isCyrillic)
    {
        await using var simulator = await GreenApiSimulator.StartAsync(options => options.CyrillicCountKey = isCyrillic);
        var account = simulator.AddInstance();
        account.PlaceCall().Ring().Decline();

        var count = await _client.GetWebhooksCountAsync(account.ToCallInstance(simulator.ApiUrl));

        count.Should().BeEquivalentTo(new { IsOk = true, Value = 2L });
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"count":"many"}""")]
    public async Task GetWebhooksCountAsync_NoCount_InvalidAnswer(string body)
    {
        _simulator.FailNext("getWebhooksCount", 200, body);

        (await _client.GetWebhooksCountAsync(_instance)).Status.Should().Be(GreenApiStatus.InvalidAnswer);
    }
}
