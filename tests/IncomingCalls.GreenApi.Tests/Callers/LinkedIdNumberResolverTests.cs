using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Tests.Callers;

/// <summary>The phone numbers of linked ids, as checkWhatsapp returns them.</summary>
public sealed class LinkedIdNumberResolverTests : IAsyncLifetime
{
    private const string Lid = "155500000000001@lid";
    private const string Found = """{"existsWhatsapp":true,"chatId":"155500000000001@lid","username":"","phoneNumber":"70000000101@c.us","fromCache":false}""";

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private FakeGateway _gateway = null!;
    private FakeInstance _instance = null!;
    private TestHost? _host;

    public async Task InitializeAsync()
    {
        _gateway = await FakeGateway.StartAsync();
        _instance = _gateway.AddInstance();
        Respond(200, Found);
    }

    public async Task DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData(200, Found, "+70000000101", 24)]
    [InlineData(200, """{"existsWhatsapp":true,"chatId":"155500000000001@LID","phoneNumber":70000000101}""", "+70000000101", 24)]
    [InlineData(200, """{"existsWhatsapp":true,"phoneNumber":"+70000000101"}""", "+70000000101", 24)]
    [InlineData(200, """{"existsWhatsapp":true,"chatId":"155500000000001@lid","phoneNumber":""}""", null, 24)]
    [InlineData(200, """{"existsWhatsapp":true,"chatId":"70000000101@c.us","phoneNumber":" "}""", null, 24)]
    [InlineData(200, """{"existsWhatsapp":true,"chatId":"155500000000001@lid"}""", null, 24)]
    [InlineData(200, """{"existsWhatsapp":true,"chatId":"155500000000001@lid","phoneNumber":"hidden"}""", null, 24)]
    [InlineData(200, """{"existsWhatsapp":true,"chatId":"155500000000001@lid","phoneNumber":"155500000000002@lid"}""", null, 24)]
    [InlineData(200, """{"existsWhatsapp":true,"chatId":"155500000000002@lid","phoneNumber":"70000000102@c.us"}""", null, 1)]
    [InlineData(200, """{"existsWhatsapp":false,"chatId":"","username":"","phoneNumber":"","fromCache":false}""", null, 1)]
    [InlineData(400, """{"statusCode":400,"path":"/waInstance1101000001/checkWhatsapp/s3cret","message":"Validation failed. Details: 70000000101"}""", null, 1)]
    public async Task ResolveAsync_Response_IsReadAndCachedForItsDuration(int status, string body, string? number, int hours)
    {
        var numbers = await StartAsync();
        Respond(status, body);

        var result = await numbers.ResolveAsync(Query(Lid), default);

        (result!.PhoneNumber, result.CacheDuration).Should().Be((number, TimeSpan.FromHours(hours)));
        _host!.LogsOf(3032).Should().BeEmpty();
    }

    [Theory]
    [InlineData("70000000101@c.us")]
    [InlineData("10000001")]
    [InlineData("120363000000000001@g.us")]
    public async Task ResolveAsync_OtherThanLinkedId_SendsNoRequest(string chatId)
    {
        var numbers = await StartAsync();

        (await numbers.ResolveAsync(Query(chatId), default)).Should().BeNull();

        _instance.Requests.Should().NotContain("checkWhatsapp");
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(500, 0)]
    public async Task ResolveAsync_LimitIsZero_SendsNoRequest(int limit, int? limitOfInstance)
    {
        var numbers = await StartAsync(options => SetLimits(options, limit, limitOfInstance));

        (await numbers.ResolveAsync(Query(Lid), default)).Should().BeNull();

        _instance.Requests.Should().NotContain("checkWhatsapp");
    }

    [Fact]
    public async Task ResolveAsync_InstanceWithoutToken_ReturnsNull()
    {
        var numbers = await StartAsync(instance: new() { IdInstance = NotificationJson.IdInstance, ApiUrl = _gateway.ApiUrl, Receive = ReceiveMode.Webhook });

        (await numbers.ResolveAsync(Query(Lid), default)).Should().BeNull();
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(500, 3)]
    public async Task ResolveAsync_LimitIsReached_SendsNoMoreUntilTheNextMonth(int limit, int? limitOfInstance)
    {
        var numbers = await StartAsync(options => SetLimits(options, limit, limitOfInstance));
        Respond(200, """{"existsWhatsapp":false}""");
        for (var number = 1; number <= 3; number++)
        {
            await numbers.ResolveAsync(Query($"15550000000000{number}@lid"), default);
        }

        await ShouldBeUnavailableAsync(numbers, "155500000000004@lid");
        await ShouldBeUnavailableAsync(numbers, "155500000000005@lid");

        _instance.Count("checkWhatsapp").Should().Be(3);
        var log = _host!.LogsOf(3034).Should().ContainSingle().Which;
        (log.Level, log.Message).Should().Be((LogLevel.Warning,
            "This host has sent 3 phone number requests for linked ids of instance 1101000001 this month, as many as LinkedIdLookupsPerMonth allows. "
            + $"It sends no more until {NextMonth():u}; such callers are shown by their id. If the plan has a larger quota, raise the option."));
        _host.Time.Advance(NextMonth() - _host.Time.GetUtcNow());
        (await numbers.ResolveAsync(Query("155500000000004@lid"), default)).Should().NotBeNull();
    }

    [Fact]
    public async Task ResolveAsync_QuotaOfThePlanIsUsedUp_SendsNoMoreUntilTheNextMonth()
    {
        var numbers = await StartAsync();
        Respond(466, """{"invokeStatus":{"method":"checkwhatsapp","used":100,"total":100,"status":"QUOTE_EXCEEDED","description":"70000000101"}}""");

        await ShouldBeUnavailableAsync(numbers, Lid);
        _host!.Time.Advance(NextMonth() - _host.Time.GetUtcNow() - TimeSpan.FromSeconds(1));
        await ShouldBeUnavailableAsync(numbers, Lid);

        _instance.Count("checkWhatsapp").Should().Be(1);
        _host.LogsOf(3032).Should().ContainSingle().Which.Message.Should().Be(
            $"Phone number requests for linked ids of instance 1101000001 are paused until {NextMonth():u} because checkWhatsapp failed: QuotaExceeded (HTTP 466).");
        Respond(200, Found);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        (await numbers.ResolveAsync(Query(Lid), default))!.PhoneNumber.Should().Be("+70000000101");
    }

    [Theory]
    [InlineData(401, "", 600)]
    [InlineData(403, "<html>Forbidden</html>", 600)]
    [InlineData(429, "", 10)]
    [InlineData(400, "instance is starting or not authorized", 60)]
    [InlineData(400, """{"statusCode":400,"path":"/waInstance1101000001/checkWhatsapp/s3cret","message":"check phone number timeout limit exceeded"}""", 2.4)]
    [InlineData(200, "<html>", 2.4)]
    [InlineData(502, "<html>", 2.4)]
    public async Task ResolveAsync_Failure_PausesAndResumes(int status, string body, double seconds)
    {
        var numbers = await StartAsync();
        Respond(status, body);

        await ShouldBeUnavailableAsync(numbers, Lid);
        await ShouldBeUnavailableAsync(numbers, "155500000000002@lid");

        _instance.Count("checkWhatsapp").Should().Be(1);
        _host!.LogsOf(3032).Should().ContainSingle().Which.Message.Should().NotContain("s3cret");
        Respond(200, Found);
        _host.Time.Advance(TimeSpan.FromSeconds(seconds));
        (await numbers.ResolveAsync(Query(Lid), default))!.PhoneNumber.Should().Be("+70000000101");
    }

    [Fact]
    public async Task ResolveAsync_ManyLinkedIds_SendsTenPerSecond()
    {
        var numbers = await StartAsync();
        // The first request must be answered before the others are sent.
        await numbers.ResolveAsync(Query("155500000000100@lid"), default);
        var resolving = Enumerable.Range(101, 20).Select(number => numbers.ResolveAsync(Query($"155500000000{number}@lid"), default).AsTask()).ToArray();

        for (var second = 1; second <= 2; second++)
        {
            await _gateway.Signal.WaitUntilAsync(() => resolving.Count(task => task.IsCompletedSuccessfully) == (10 * second) - 1);
            await _host!.Time.WaitForTimersAsync(TimeSpan.FromSeconds(1.02), second);
            _instance.Count("checkWhatsapp").Should().Be(10 * second);
            _host.Time.Advance(TimeSpan.FromSeconds(1.02));
        }

        await Task.WhenAll(resolving).WaitAsync(TimeSpan.FromSeconds(10));
        _host!.LogsOf(3032).Should().BeEmpty();
    }

    private static CallerNameQuery Query(string chatId) => new() { IdInstance = NotificationJson.IdInstance, ChatId = ChatId.Parse(chatId) };

    private static async Task ShouldBeUnavailableAsync(ICallerNumberResolver numbers, string chatId)
    {
        var resolving = () => numbers.ResolveAsync(Query(chatId), default).AsTask();
        await resolving.Should().ThrowAsync<CallerNameUnavailableException>("\"no number\" would be remembered");
    }

    private static void SetLimits(GreenApiOptions options, int limit, int? limitOfInstance)
    {
        options.LinkedIdLookupsPerMonth = limit;
        options.Instances = [new() { IdInstance = NotificationJson.IdInstance, Receive = ReceiveMode.Webhook, LinkedIdLookupsPerMonth = limitOfInstance }];
    }

    private void Respond(int status, string body) =>
        _instance.Responder = async (method, context) => method == "checkWhatsapp" && await FakeGateway.SendAsync(context, status, body);

    private DateTimeOffset NextMonth()
    {
        var now = _host!.Time.Start;
        return new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
    }

    private async Task<ICallerNumberResolver> StartAsync(Action<GreenApiOptions>? configure = null, CallInstance? instance = null)
    {
        instance ??= new() { IdInstance = _instance.IdInstance, ApiUrl = _gateway.ApiUrl, ApiTokenInstance = _instance.Token, Receive = ReceiveMode.Webhook };
        _host = await TestHost.StartAsync(_gateway.Signal, [instance], calls => calls.AddGreenApi(configure ?? (_ => { })), useFakeClock: true);
        return _host.Services.GetRequiredService<ICallerNumberResolver>();
    }
}
