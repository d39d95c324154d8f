using System.Globalization;
using System.Text;
using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.GreenApi.Tests.Client;

public sealed class GreenApiClientTests : IAsyncLifetime, IDisposable
{
    private readonly ServiceProvider _services = CreateServices();
    private FakeGateway _gateway = null!;
    private FakeInstance _instance = null!;

    private GreenApiClient Client => _services.GetRequiredService<GreenApiClient>();

    public async Task InitializeAsync()
    {
        _gateway = await FakeGateway.StartAsync();
        _instance = _gateway.AddInstance();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(200, "null")]
    [InlineData(200, "")]
    [InlineData(200, " \r\n\t ")]
    [InlineData(200, "{}")]
    [InlineData(200, " { } ")]
    [InlineData(200, "\ufeffnull")]
    [InlineData(204, "")]
    [InlineData(408, "timeout")]
    [InlineData(504, "<html>")]
    public async Task ReceiveNotificationAsync_EmptyQueue_ReturnsNoNotification(int status, string body)
    {
        Respond(status, body);

        var result = await Client.ReceiveNotificationAsync(_gateway.ToCallInstance(_instance));

        result.IsOk.Should().BeTrue();
        result.Value.Should().BeNull();
    }

    /// <summary>Half of an emoji, in a value or in the name of a property, must not make the other properties unreadable.</summary>
    [Theory]
    [InlineData("""{"result":"\ud800"}""", true)]
    [InlineData("""{"\ud800":1,"result":false,"reason":"\udc00"}""", false)]
    public async Task DeleteNotificationAsync_InvalidUnicode_ReadsTheOtherProperties(string body, bool isDeleted)
    {
        Respond(200, body);

        var result = await Client.DeleteNotificationAsync(_gateway.ToCallInstance(_instance), 1);

        result.Should().BeEquivalentTo(new { IsOk = true, Value = isDeleted });
    }

    [Theory]
    [InlineData("""{"webhookUrl":"\ud800","incomingCallWebhook":"yes","enableLidMode":"\ud800"}""")]
    [InlineData("""{"\ud83dincomingWebhook":"yes","incomingCallWebhook":true}""")]
    public async Task GetSettingsAsync_InvalidUnicode_ReadsTheOtherProperties(string body)
    {
        Respond(200, body);

        var result = await Client.GetSettingsAsync(_gateway.ToCallInstance(_instance));

        result.Value.Should().BeEquivalentTo(new { IncomingCallWebhook = true, EnableLidMode = (bool?)null });
    }

    [Theory]
    [InlineData("""{"receiptId":1000001,"body":{}}""", 1000001L)]
    [InlineData("""{"receiptId":5000000001,"body":{}}""", 5000000001L)]
    [InlineData("""{"receiptId":"77","body":{}}""", 77L)]
    [InlineData("""{"body":{"receiptId":3,"x":[{"receiptId":4}]},"receiptId":5}""", 5L)]
    [InlineData("""{"body":{"text":"\"receiptId\":6,{[\\"},"ReceiptID" : 7 }""", 7L)]
    [InlineData("""{"receiptId":8,"body":{broken""", 8L)]
    [InlineData("""{"receiptId":9.0,"body":{}}""", 9L)]
    [InlineData("""{"receiptId":1e1,"body":{}}""", 10L)]
    [InlineData("\ufeff{\"receiptId\":11,\"body\":{}}", 11L)]
    [InlineData("{\"receiptId\":12,\"body\":{\"text\":\"\t\"}}", 12L)]
    [InlineData("""{"typeWebhook":"stateInstanceChanged"}""", null)]
    public async Task ReceiveNotificationAsync_Envelope_ReceiptIdIsRead(string body, long? receiptId)
    {
        Respond(200, body);

        var result = await Client.ReceiveNotificationAsync(_gateway.ToCallInstance(_instance));

        result.Value!.ReceiptId.Should().Be(receiptId);
        Encoding.UTF8.GetString(result.Value.Utf8Json.Span).Should().Be(body);
    }

    [Theory]
    [InlineData("""{"receiptId":null,"body":{"a":1}}""")]
    [InlineData("""{"receiptId":1.5,"body":{"a":1}}""")]
    [InlineData("""[{"receiptId":9}]""")]
    [InlineData("<html>hello</html>")]
    public async Task ReceiveNotificationAsync_NotOfTheApi_InvalidResponse(string body)
    {
        Respond(200, body);

        (await Client.ReceiveNotificationAsync(_gateway.ToCallInstance(_instance))).Status.Should().Be(GreenApiStatus.InvalidResponse);
    }

    [Theory]
    [InlineData(400, "instance in starting process try later", GreenApiStatus.Starting)]
    [InlineData(400, """{"message":"instance account not authorized"}""", GreenApiStatus.NotAuthorized)]
    [InlineData(400, "instance is starting or not authorized", GreenApiStatus.NotAuthorized)]
    [InlineData(400, """{"code":"INVALID_PARAM","message":"custom webhook url is set","status":"error"}""", GreenApiStatus.WebhookUrlSet)]
    [InlineData(400, "instance account expired", GreenApiStatus.Expired)]
    [InlineData(400, "instance is deleted", GreenApiStatus.Expired)]
    [InlineData(400, "bad request data", GreenApiStatus.BadRequest)]
    [InlineData(400, "", GreenApiStatus.BadRequest)]
    [InlineData(401, "", GreenApiStatus.Unauthorized)]
    [InlineData(403, "<html><body>Forbidden</body></html>", GreenApiStatus.Forbidden)]
    [InlineData(404, "Cannot GET", GreenApiStatus.NotFound)]
    [InlineData(429, "", GreenApiStatus.RateLimited)]
    [InlineData(466, """{"invokeStatus":{"method":"x","used":"10","total":10}}""", GreenApiStatus.QuotaExceeded)]
    [InlineData(469, "{}", GreenApiStatus.ContactLimitReached)]
    [InlineData(499, "", GreenApiStatus.TimedOut)]
    [InlineData(500, "findUnAckedMessage", GreenApiStatus.ServerError)]
    [InlineData(502, "<html>", GreenApiStatus.GatewayError)]
    [InlineData(503, "", GreenApiStatus.GatewayError)]
    [InlineData(302, "", GreenApiStatus.InvalidResponse)]
    [InlineData(200, """{"status":false,"reason":"instance account not authorized"}""", GreenApiStatus.NotAuthorized)]
    [InlineData(200, """{"status": false,"reason":"what is this"}""", GreenApiStatus.BadRequest)]
    public async Task ReceiveNotificationAsync_ErrorResponse_MapsToStatus(int code, string body, GreenApiStatus status)
    {
        Respond(code, body);

        var result = await Client.ReceiveNotificationAsync(_gateway.ToCallInstance(_instance));

        result.Status.Should().Be(status);
        result.HttpStatus.Should().Be(code);
        result.Value.Should().BeNull();
        result.ToString().Should().Be($"{status} (HTTP {code})");
    }

    [Theory]
    [InlineData(1, true, false)]
    [InlineData(15, false, false)]
    [InlineData(20, true, true)]
    public async Task ReceiveNotificationAsync_LongNotification_IsReadUpTo16MiB(int mebibytes, bool isFirst, bool isTruncated)
    {
        var filling = new string('x', (mebibytes * 1024 * 1024) + 100);
        Respond(200, isFirst
            ? $$"""{"receiptId":12,"body":{"text":"{{filling}}"} }"""
            : $$"""{"body":{"text":"{{filling}}"},"receiptId":12}""");

        var result = await Client.ReceiveNotificationAsync(_gateway.ToCallInstance(_instance));

        (result.Value!.ReceiptId, result.Value.IsTruncated).Should().Be((12, isTruncated));
        result.Value.Utf8Json.Length.Should().BeInRange(filling.Length - (isTruncated ? 4 * 1024 * 1024 + 100 : 0), filling.Length + 100);
    }

    [Fact]
    public async Task ReceiveNotificationAsync_ReceiptIdBeyond16MiB_ResponseTooLarge()
    {
        Respond(200, $$"""{"body":"{{new string('x', 17 * 1024 * 1024)}}","receiptId":12}""");

        var result = await Client.ReceiveNotificationAsync(_gateway.ToCallInstance(_instance));

        result.Status.Should().Be(GreenApiStatus.ResponseTooLarge);
    }

    [Theory]
    [InlineData("", "/waInstance")]
    [InlineData("/", "/waInstance")]
    [InlineData("/v3", "/v3/waInstance")]
    [InlineData("/v3/", "/v3/waInstance")]
    public async Task ReceiveNotificationAsync_ApiUrlWithPath_PathIsPreserved(string path, string start)
    {
        string? asked = null;
        _instance.Responder = (_, context) =>
        {
            asked = context.Request.Path + context.Request.QueryString;
            return FakeGateway.SendAsync(context, 200, "null");
        };
        var instance = new CallInstance { IdInstance = NotificationJson.IdInstance, ApiTokenInstance = "a b", ApiUrl = new(_gateway.ApiUrl, path) };

        await Client.ReceiveNotificationAsync(instance, TimeSpan.FromSeconds(7));

        asked.Should().Be($"{start}{NotificationJson.IdInstance}/receiveNotification/a%20b?receiveTimeout=7");
    }

    [Theory]
    [InlineData(200, """{"result":true,"reason":""}""", true)]
    [InlineData(200, """{"result":true}""", true)]
    [InlineData(200, "", true)]
    [InlineData(200, """{"result":false,"reason":""}""", false)]
    [InlineData(500, "TypeError: Cannot read properties of undefined (reading 'findUnAckedMessage')", false)]
    public async Task DeleteNotificationAsync_NothingToDelete_Ok(int code, string body, bool deleted)
    {
        Respond(code, body);

        var result = await Client.DeleteNotificationAsync(_gateway.ToCallInstance(_instance), 1);

        result.IsOk.Should().BeTrue();
        result.Value.Should().Be(deleted);
    }

    [Theory]
    [InlineData(500, "boom", GreenApiStatus.ServerError)]
    [InlineData(400, "Parameter receiptId must be a Number", GreenApiStatus.BadRequest)]
    [InlineData(504, "", GreenApiStatus.GatewayError)]
    [InlineData(408, "", GreenApiStatus.TimedOut)]
    public async Task DeleteNotificationAsync_ErrorResponse_MapsToStatus(int code, string body, GreenApiStatus status)
    {
        Respond(code, body);

        (await Client.DeleteNotificationAsync(_gateway.ToCallInstance(_instance), 1)).Status.Should().Be(status);
    }

    [Fact]
    public async Task GetSettingsAsync_YesNoAndBooleans_AreRead()
    {
        Respond(200, """{"webhookUrl":"","webhookUrlToken":"Bearer demo","incomingWebhook":"yes","incomingCallWebhook":"NO","outgoingCallWebhook":1,"enableLidMode":true}""");

        var result = await Client.GetSettingsAsync(_gateway.ToCallInstance(_instance));

        result.Value.Should().BeEquivalentTo(new GreenApiSettings
        {
            WebhookUrl = "",
            HasWebhookUrlToken = true,
            IncomingWebhook = true,
            IncomingCallWebhook = false,
            OutgoingCallWebhook = null,
            EnableLidMode = true,
        });
    }

    [Theory]
    [InlineData("""{"stateInstance":"authorized"}""", GreenApiInstanceState.Authorized)]
    [InlineData("""{"stateInstance":"notAuthorized"}""", GreenApiInstanceState.NotAuthorized)]
    [InlineData("""{"stateInstance":"yellowCard"}""", GreenApiInstanceState.Suspended)]
    [InlineData("""{"stateInstance":"pendingPassword"}""", GreenApiInstanceState.PendingPassword)]
    [InlineData("""{"stateInstance":"dreaming"}""", GreenApiInstanceState.Unknown)]
    [InlineData("""{"stateInstance":null}""", GreenApiInstanceState.Starting)]
    [InlineData("null", GreenApiInstanceState.Starting)]
    public async Task GetStateInstanceAsync_Response_StateIsRead(string body, GreenApiInstanceState state)
    {
        Respond(200, body);

        (await Client.GetStateInstanceAsync(_gateway.ToCallInstance(_instance))).Value!.State.Should().Be(state);
    }

    [Fact]
    public async Task ReceiveNotificationAsync_ConnectionRefused_Unreachable()
    {
        var instance = new CallInstance { IdInstance = 1, ApiTokenInstance = "s3cret", ApiUrl = new("http://127.0.0.1:1") };

        var result = await Client.ReceiveNotificationAsync(instance);

        result.ToString().Should().Be("Unreachable (ConnectionRefused at http://127.0.0.1:1)");
    }

    [Fact]
    public async Task ReceiveNotificationAsync_ConnectionAbortedInBody_Unreachable()
    {
        _instance.Responder = async (_, context) =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            context.Abort();
            return true;
        };

        (await Client.ReceiveNotificationAsync(_gateway.ToCallInstance(_instance))).Status.Should().Be(GreenApiStatus.Unreachable);
    }

    [Fact]
    public async Task GetStateInstanceAsync_NoResponse_TimedOut()
    {
        var time = new RecordingTimeProvider(_gateway.Signal);
        using var services = CreateServices(time);
        _instance.Responder = async (_, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        };

        var asking = services.GetRequiredService<GreenApiClient>().GetStateInstanceAsync(_gateway.ToCallInstance(_instance));
        await _gateway.Signal.WaitUntilAsync(() => _instance.Count("getStateInstance") == 1);
        time.Advance(TimeSpan.FromSeconds(11));

        (await asking).Status.Should().Be(GreenApiStatus.TimedOut);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-60, 59)]
    [InlineData(60, -54)]
    public async Task GetStateInstanceAsync_SlowResponse_ClockSkewExcludesTransitTime(int serverAhead, int difference)
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1790000000));
        using var services = CreateServices(time);
        _instance.Responder = (_, context) =>
        {
            context.Response.Headers.Date = (time.GetUtcNow() + TimeSpan.FromSeconds(serverAhead)).ToString("R", CultureInfo.InvariantCulture);
            time.Advance(TimeSpan.FromSeconds(6));
            return FakeGateway.SendAsync(context, 200, """{"stateInstance":"authorized"}""");
        };

        var answer = await services.GetRequiredService<GreenApiClient>().GetStateInstanceAsync(_gateway.ToCallInstance(_instance));

        answer.ClockSkew.Should().Be(TimeSpan.FromSeconds(difference));
    }

    [Fact]
    public async Task ReceiveNotificationAsync_Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var receiving = Client.ReceiveNotificationAsync(_gateway.ToCallInstance(_instance), cancellationToken: cancellation.Token);
        await _gateway.Signal.WaitUntilAsync(() => _instance.WaitingPolls == 1);

        await cancellation.CancelAsync();

        await receiving.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Theory]
    [InlineData(0, "s3cret", "https://a.test", "IdInstance")]
    [InlineData(1, " ", "https://a.test", "ApiTokenInstance")]
    [InlineData(1, "s3cret", "ftp://a.test", "ApiUrl")]
    public async Task GetSettingsAsync_InvalidInstance_ThrowsWithReason(long idInstance, string token, string apiUrl, string named)
    {
        var instance = new CallInstance { IdInstance = idInstance, ApiTokenInstance = token, ApiUrl = new(apiUrl) };

        var thrown = await Client.Invoking(client => client.GetSettingsAsync(instance)).Should().ThrowAsync<ArgumentException>();

        thrown.Which.Message.Should().Contain(named).And.NotContain("s3cret");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(61)]
    public async Task ReceiveNotificationAsync_TimeoutOutOfRange_Throws(int seconds) =>
        await Client.Invoking(client => client.ReceiveNotificationAsync(_gateway.ToCallInstance(_instance), TimeSpan.FromSeconds(seconds)))
            .Should().ThrowAsync<ArgumentOutOfRangeException>();

    private static ServiceProvider CreateServices(TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        if (time is not null)
        {
            services.AddSingleton(time);
        }

        services.AddIncomingCalls().AddGreenApi(_ => { });
        return services.BuildServiceProvider(validateScopes: true);
    }

    private void Respond(int status, string body) => _instance.Responder = async (_, context) =>
    {
        context.Response.StatusCode = status;
        if (body.Length > 0)
        {
            await context.Response.WriteAsync(body);
        }

        return true;
    };
}
