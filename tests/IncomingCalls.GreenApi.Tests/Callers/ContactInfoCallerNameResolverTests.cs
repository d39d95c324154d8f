using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using IncomingCalls.GreenApi.Callers;
using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IncomingCalls.GreenApi.Tests.Callers;

public sealed class ContactInfoCallerNameResolverTests : IAsyncLifetime
{
    private readonly ManualRateLimiter _limiter = new();
    private FakeGateway _gateway = null!;
    private FakeInstance _instance = null!;
    private TestHost? _host;

    public async Task InitializeAsync()
    {
        _gateway = await FakeGateway.StartAsync();
        _instance = _gateway.AddInstance();
    }

    public async Task DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData("", "+70000000116", true)]
    [InlineData("Anna", "Anna", false)]
    public async Task ResolveAsync_AccountWithPhoneNumber_NumberIsFallbackName(string name, string shown, bool isStandIn)
    {
        var names = await StartAsync();
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, 200, $$"""{"name":"{{name}}","phoneNumber":70000000116}""");
        _limiter.Release();

        var found = await names.ResolveAsync(Query("10000001"), default);

        (found!.Name, found.IsFallback).Should().Be((shown, isStandIn));
    }

    [Theory]
    [InlineData("""{"name":"vanya","contactName":"Ivan (office)"}""", "Ivan (office)", "contactName")]
    [InlineData("""{"name":"vanya","contactName":"  "}""", "vanya", "name")]
    [InlineData("""{"name":"","contactName":"","phoneNumber":70000000116}""", null, null)]
    [InlineData("""{"avatar":""}""", null, null)]
    public async Task ResolveAsync_Response_PrefersContactNameThenProfileName(string body, string? name, string? source)
    {
        var names = await StartAsync();
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, 200, body);
        _limiter.Release();

        var found = await names.ResolveAsync(Query("70000000101@c.us"), default);

        (found?.Name, found?.Source).Should().Be((name, source));
    }

    [Theory]
    [InlineData("120363000000000001@g.us")]
    [InlineData("-10000000000001")]
    public async Task ResolveAsync_Group_SendsNoRequest(string chatId)
    {
        var names = await StartAsync();

        (await names.ResolveAsync(Query(chatId), default)).Should().BeNull();

        _instance.Requests.Should().NotContain("getContactInfo");
    }

    [Fact]
    public async Task ResolveAsync_InstanceWithoutToken_ReturnsNull()
    {
        var names = await StartAsync(new CallInstance { IdInstance = NotificationJson.IdInstance, ApiUrl = _gateway.ApiUrl, Receive = ReceiveMode.Webhook });

        (await names.ResolveAsync(Query("70000000101@c.us"), default)).Should().BeNull();
    }

    [Fact]
    public async Task ResolveAsync_CallerNamesDisabled_ReturnsNull()
    {
        var names = await StartAsync(configure: options => options.CallerNames = false);

        (await names.ResolveAsync(Query("70000000101@c.us"), default)).Should().BeNull();
    }

    [Fact]
    public async Task ResolveAsync_ManyQueued_RingingCallsFirst()
    {
        var names = await StartAsync();
        var asked = new List<string>();
        _instance.Responder = async (_, context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            asked.Add((await reader.ReadToEndAsync())[^8..^7]);
            return await FakeGateway.SendAsync(context, 200, "{}");
        };
        Task<CallerName?>[] asking =
        [
            names.ResolveAsync(Query("70000000001@c.us"), default).AsTask(),
            names.ResolveAsync(Query("70000000002@c.us"), default).AsTask(),
            names.ResolveAsync(Query("70000000003@c.us", isRinging: true), default).AsTask(),
            names.ResolveAsync(Query("70000000004@c.us", isRinging: true), default).AsTask(),
        ];

        List<Task> done = [];
        foreach (var count in Enumerable.Range(1, asking.Length))
        {
            _limiter.Release();
            await _gateway.Signal.WaitUntilAsync(() => _instance.Count("getContactInfo") == count);
            await Task.WhenAny(asking.Where(task => !done.Contains(task)));
            done.AddRange(asking.Where(task => task.IsCompleted && !done.Contains(task)));
        }

        asked.Should().Equal("3", "4", "1", "2");
    }

    [Theory]
    [InlineData(466, 3600)]
    [InlineData(469, 3600)]
    [InlineData(429, 10)]
    [InlineData(401, 600)]
    public async Task ResolveAsync_InstanceWideFailure_PausesAndLogsOnce(int status, int seconds)
    {
        var names = await StartAsync();
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, status, "");
        var first = names.ResolveAsync(Query("70000000101@c.us"), default).AsTask();
        var second = names.ResolveAsync(Query("70000000102@c.us"), default).AsTask();
        _limiter.Release();

        await ShouldBeUnavailableAsync(first);
        _limiter.Release();
        await ShouldBeUnavailableAsync(second);
        await ShouldBeUnavailableAsync(names.ResolveAsync(Query("70000000103@c.us"), default).AsTask());
        _instance.Count("getContactInfo").Should().Be(1);
        _host!.LogsOf(3030).Should().ContainSingle();

        _instance.Responder = null;
        _host.Time.Advance(TimeSpan.FromSeconds(seconds));
        _limiter.Release();
        (await names.ResolveAsync(Query("70000000101@c.us"), default))!.Name.Should().Be("Ivan (office)");
    }

    [Theory]
    [InlineData(466)]
    [InlineData(469)]
    public async Task ResolveAsync_ConcurrentRequestsRefused_LogsOnce(int status)
    {
        var names = await StartAsync();
        _instance.Responder = async (_, context) =>
        {
            await _gateway.Signal.WaitUntilAsync(() => _instance.Count("getContactInfo") == 3);
            return await FakeGateway.SendAsync(context, status, "");
        };
        _limiter.Release(3);

        await Task.WhenAll(Enumerable.Range(1, 3).Select(number => ShouldBeUnavailableAsync(names.ResolveAsync(Query($"7000000010{number}@c.us"), default).AsTask())));

        _host!.LogsOf(3030).Should().ContainSingle();
    }

    [Fact]
    public async Task ResolveAsync_QuotaPauseConfigured_PausesForThatDuration()
    {
        var names = await StartAsync(configure: options => options.CallerNameQuotaPause = TimeSpan.FromMinutes(5));
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, 466, "");
        _limiter.Release(2);
        await ShouldBeUnavailableAsync(names.ResolveAsync(Query("70000000101@c.us"), default).AsTask());
        _instance.Responder = null;

        _host!.Time.Advance(TimeSpan.FromMinutes(4));
        await ShouldBeUnavailableAsync(names.ResolveAsync(Query("70000000101@c.us"), default).AsTask());
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        (await names.ResolveAsync(Query("70000000101@c.us"), default))!.Name.Should().Be("Ivan (office)");
    }

    [Fact]
    public async Task ResolveAsync_PausedAndTokenChanged_SendsRequest()
    {
        var names = await StartAsync(_gateway.ToCallInstance(_instance, "wrong"));
        _limiter.Release(2);
        await ShouldBeUnavailableAsync(names.ResolveAsync(Query("70000000101@c.us"), default).AsTask());

        _host!.Instances.Set(WithWebhook(_gateway.ToCallInstance(_instance)));
        await _gateway.Signal.WaitUntilAsync(() => _host.LogsOf(1041).Count() == 2);

        (await names.ResolveAsync(Query("70000000101@c.us"), default))!.Name.Should().Be("Ivan (office)");
    }

    [Fact]
    public async Task ResolveAsync_PausedAndApiUrlChanged_SendsRequest()
    {
        await using var wrong = await FakeGateway.StartAsync();
        var account = wrong.AddInstance();
        account.Responder = (_, context) => FakeGateway.SendAsync(context, 404, "");
        var names = await StartAsync(wrong.ToCallInstance(account));
        _limiter.Release(2);
        await ShouldBeUnavailableAsync(names.ResolveAsync(Query("70000000101@c.us"), default).AsTask());

        _host!.Instances.Set(WithWebhook(_gateway.ToCallInstance(_instance)));
        await _gateway.Signal.WaitUntilAsync(() => _host.LogsOf(1041).Count() == 2);

        (await names.ResolveAsync(Query("70000000101@c.us"), default))!.Name.Should().Be("Ivan (office)");
    }

    [Fact]
    public async Task ResolveAsync_ApiFails_ThrowsSoThatMissingNameIsNotCached()
    {
        var names = await StartAsync();
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, 500, "");
        _limiter.Release();

        var thrown = await names.Awaiting(resolver => resolver.ResolveAsync(Query("70000000101@c.us"), default)).Should().ThrowAsync<HttpRequestException>();

        thrown.Which.Message.Should().Be($"getContactInfo of instance {NotificationJson.IdInstance} returned ServerError (HTTP 500).");
    }

    [Fact]
    public async Task ResolveAsync_RealRateLimiter_OneRequestPerSecond()
    {
        var names = await StartAsync(configure: null, isPaced: true);
        var times = new List<long>();
        _instance.Responder = (_, context) =>
        {
            times.Add(TimeProvider.System.GetTimestamp());
            return FakeGateway.SendAsync(context, 200, "{}");
        };

        await Task.WhenAll(Enumerable.Range(1, 3).Select(number =>
            names.ResolveAsync(Query(string.Create(CultureInfo.InvariantCulture, $"7000000010{number}@c.us")), default).AsTask()));

        TimeProvider.System.GetElapsedTime(times[0], times[1]).Should().BeGreaterThan(TimeSpan.FromSeconds(0.95));
        TimeProvider.System.GetElapsedTime(times[1], times[2]).Should().BeGreaterThan(TimeSpan.FromSeconds(0.95));
    }

    [Fact]
    public async Task AcceptAsync_TwoConcurrentCallsOfOneCaller_OneRequestAndNameInBothRecords()
    {
        await StartAsync();
        var intake = _host!.Services.GetRequiredService<ICallIntake>();
        var recorder = _host.Services.GetRequiredService<Recorder>();

        var first = intake.AcceptAsync(Encoding.UTF8.GetBytes(NotificationJson.IncomingCall("A1"))).AsTask();
        var second = intake.AcceptAsync(Encoding.UTF8.GetBytes(NotificationJson.IncomingCall("A2"))).AsTask();
        await _gateway.Signal.WaitUntilAsync(() => _host.Recorder.Events.Count == 2);
        _limiter.Release();
        await Task.WhenAll(first, second);

        recorder.Names.Should().Equal("Ivan (office)", "Ivan (office)");
        _instance.Count("getContactInfo").Should().Be(1);
    }

    private static async Task ShouldBeUnavailableAsync(Task<CallerName?> asked) =>
        await asked.Awaiting(static task => task).Should().ThrowAsync<CallerNameUnavailableException>("\"no name\" would be remembered");

    private static CallerNameQuery Query(string chatId, bool isRinging = false) =>
        new() { IdInstance = NotificationJson.IdInstance, ChatId = ChatId.Parse(chatId), IsRinging = isRinging };

    private static CallInstance WithWebhook(CallInstance instance) =>
        new() { IdInstance = instance.IdInstance, ApiUrl = instance.ApiUrl, ApiTokenInstance = instance.ApiTokenInstance, Receive = ReceiveMode.Webhook };

    private async Task<ICallerNameResolver> StartAsync(
        CallInstance? instance = null, Action<GreenApiOptions>? configure = null, bool isPaced = false)
    {
        instance ??= _gateway.ToCallInstance(_instance);
        _host = await TestHost.StartAsync(
            _gateway.Signal,
            [WithWebhook(instance)],
            calls =>
            {
                calls.AddGreenApi(configure ?? (_ => { })).Services.AddSingleton<Recorder>();
                calls.AddChatRecorder<Recorder>();
                if (!isPaced)
                {
                    calls.Services.Replace(ServiceDescriptor.Singleton(new ContactInfoRequestQueues(_limiter)));
                }
            },
            useFakeClock: !isPaced);
        return _host.Services.GetRequiredKeyedService<ICallerNameResolver>(ICallerNameResolver.FallbackKey);
    }

    internal sealed class Recorder : IChatRecorder
    {
        public ConcurrentQueue<string?> Names { get; } = new();

        public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
        {
            Names.Enqueue(record.Caller.Name);
            return default;
        }
    }
}
