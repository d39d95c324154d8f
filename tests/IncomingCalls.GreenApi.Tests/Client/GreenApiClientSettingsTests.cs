using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;

namespace IncomingCalls.GreenApi.Tests.Client;

public sealed class GreenApiClientSettingsTests : IAsyncLifetime, IDisposable
{
    private readonly GreenApiClient _client = GreenApiClient.Create();
    private GreenApiSimulator _simulator = null!;
    private SimulatedInstance _simulatedInstance = null!;
    private CallInstance _instance = null!;

    public async Task InitializeAsync()
    {
        // Rate limits are not the subject of these tests, which send several requests.
        _simulator = await GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = false);
        _simulatedInstance = _simulator.AddInstance();
        _instance = _simulatedInstance.ToCallInstance(_simulator.ApiUrl);
    }

    public async Task DisposeAsync() => await _simulator.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task GetSettingsAsync_Response_ReadsCallSettings()
    {
        _simulatedInstance.SetWebhook(new("https://calls.example.test/hook"), "Bearer s3cret");

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
    public async Task SetSettingsAsync_PartialChange_WritesOnlyChangedSettings()
    {
        _simulatedInstance.Settings.WebhookUrlToken = "Bearer s3cret";

        var answer = await _client.SetSettingsAsync(_instance, new() { IncomingCallWebhook = false, OutgoingCallWebhook = true });

        answer.Should().BeEquivalentTo(new { IsOk = true, Value = true });
        _simulatedInstance.Settings.Should().BeEquivalentTo(new
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
    [InlineData(200, "<html>", GreenApiStatus.InvalidResponse)]
    [InlineData(400, "Validation failed. Details: 'webhookUrl' must be a valid uri", GreenApiStatus.BadRequest)]
    [InlineData(401, "", GreenApiStatus.Unauthorized)]
    public async Task SetSettingsAsync_ErrorResponse_MapsToStatus(int code, string body, GreenApiStatus status)
    {
        _simulator.FailNext("setSettings", code, body);

        var answer = await _client.SetSettingsAsync(_instance, new() { IncomingCallWebhook = true });

        answer.Should().BeEquivalentTo(new { Status = status, Value = false });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ftp://calls.example.test/s3cret")]
    [InlineData("calls.example.test/s3cret")]
    public async Task SetSettingsAsync_InvalidChange_ThrowsWithoutValues(string? url)
    {
        var thrown = await FluentActions.Awaiting(() => _client.SetSettingsAsync(_instance, new() { WebhookUrl = url })).Should().ThrowAsync<ArgumentException>();

        thrown.Which.Message.Should().NotContain("s3cret");
        _simulatedInstance.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_AlreadyConfigured_WritesNothing()
    {
        var result = await _client.EnsureCallNotificationsAsync(_instance);

        result.Should().BeEquivalentTo(new { Status = GreenApiStatus.Ok, Differences = Array.Empty<string>(), IsWritten = false, IsEnsured = true });
        result.ToString().Should().Be("All settings are as wanted.");
        _simulatedInstance.Requests.Should().NotContainKey("setSettings");
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_CallNotificationsOff_WritesOnlyThat()
    {
        _simulatedInstance.Settings.IncomingCallWebhook = false;

        var result = await _client.EnsureCallNotificationsAsync(_instance);

        result.Differences.Should().Equal("incomingCallWebhook");
        result.Should().BeEquivalentTo(new { IsWritten = true, IsEnsured = true });
        result.ToString().Should().Be("Written: incomingCallWebhook. The instance restarts.");
        _simulatedInstance.Settings.IncomingCallWebhook.Should().BeTrue();
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_EverythingDiffers_WritesOnce()
    {
        (_simulatedInstance.Settings.IncomingCallWebhook, _simulatedInstance.Settings.IncomingWebhook) = (false, false);
        var also = new GreenApiSettingsChange { WebhookUrl = "https://calls.example.test/hook", WebhookUrlToken = "Bearer s3cret", OutgoingCallWebhook = true };

        var first = await _client.EnsureCallNotificationsAsync(_instance, also);
        var second = await _client.EnsureCallNotificationsAsync(_instance, also);

        first.Differences.Should().Equal("webhookUrl", "webhookUrlToken", "incomingWebhook", "incomingCallWebhook", "outgoingCallWebhook");
        second.Should().BeEquivalentTo(new { Differences = Array.Empty<string>(), IsEnsured = true });
        _simulatedInstance.Settings.WebhookUrlToken.Should().Be("Bearer s3cret");
        _simulatedInstance.Requests["setSettings"].Should().Be(1);
    }

    [Theory]
    [InlineData("https://Calls.example.test:443/hook/", "s3cret")]
    [InlineData("https://calls.example.test/hook", "Bearer Bearer s3cret")]
    public async Task EnsureCallNotificationsAsync_EquivalentUrlAndToken_WritesNothing(string url, string token)
    {
        _simulatedInstance.SetWebhook(new("https://calls.example.test/hook"), "Bearer s3cret");

        var result = await _client.EnsureCallNotificationsAsync(_instance, new() { WebhookUrl = url, WebhookUrlToken = token });

        result.Differences.Should().BeEmpty();
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_EmptyWebhookUrl_ClearsIt()
    {
        _simulatedInstance.SetWebhook(new("http://127.0.0.1:1/hook"));

        var result = await _client.EnsureCallNotificationsAsync(_instance, new() { WebhookUrl = "" });

        result.Differences.Should().Equal("webhookUrl");
        _simulatedInstance.Settings.WebhookUrl.Should().BeEmpty();
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_IncomingWebhookFalse_EnablesCallsOnly()
    {
        (_simulatedInstance.Settings.IncomingCallWebhook, _simulatedInstance.Settings.IncomingWebhook) = (false, false);

        await _client.EnsureCallNotificationsAsync(_instance, new() { IncomingWebhook = false, IncomingCallWebhook = false });

        _simulatedInstance.Settings.Should().BeEquivalentTo(new { IncomingWebhook = false, IncomingCallWebhook = true });
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_SettingMissingInResponse_IsWritten()
    {
        _simulator.FailNext("getSettings", 200, """{"webhookUrl":"","incomingWebhook":"yes"}""");

        (await _client.EnsureCallNotificationsAsync(_instance)).Differences.Should().Equal("incomingCallWebhook");
    }

    [Fact]
    public async Task EnsureCallNotificationsAsync_ReadFails_WritesNothing()
    {
        _simulator.FailNext("getSettings", 500);

        var result = await _client.EnsureCallNotificationsAsync(_instance);

        result.Should().BeEquivalentTo(new { Status = GreenApiStatus.ServerError, IsWritten = false, IsEnsured = false });
        result.ToString().Should().Be("The settings could not be read (ServerError).");
        _simulatedInstance.Requests.Should().NotContainKey("setSettings");
    }

    [Theory]
    [InlineData(429, "", GreenApiStatus.RateLimited)]
    [InlineData(200, """{"saveSettings":false}""", GreenApiStatus.Ok)]
    public async Task EnsureCallNotificationsAsync_WriteFails_ReportsDifferences(int code, string body, GreenApiStatus status)
    {
        _simulatedInstance.Settings.IncomingCallWebhook = false;
        _simulator.FailNext("setSettings", code, body);

        var result = await _client.EnsureCallNotificationsAsync(_instance);

        result.Should().BeEquivalentTo(new { Status = status, IsWritten = false, IsEnsured = false });
        result.Differences.Should().Equal("incomingCallWebhook");
        result.ToString().Should().Be($"The settings differ but were not written ({status}): incomingCallWebhook.");
    }

    [Fact]
    public async Task Host_StartedWithCallNotificationsOff_ChangesNoSettings()
    {
        _simulatedInstance.Settings.IncomingCallWebhook = false;
        await using var host = await TestHost.StartAsync(new(), [_instance]);

        _simulatedInstance.Enqueue(NotificationJson.OtherType(_simulatedInstance.IdInstance));
        await _simulatedInstance.WaitUntilAcknowledgedAsync();

        _simulatedInstance.Requests.Keys.Should().BeSubsetOf(["receiveNotification", "deleteNotification", "getWaSettings"]);
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
    public async Task GetWebhooksCountAsync_NoCount_InvalidResponse(string body)
    {
        _simulator.FailNext("getWebhooksCount", 200, body);

        (await _client.GetWebhooksCountAsync(_instance)).Status.Should().Be(GreenApiStatus.InvalidResponse);
    }
}
