using System.Collections.Concurrent;
using System.Text;
using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Tests.Callers;

public sealed class ContactInfoCallerNameResolverTests : IAsyncLifetime
{
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

        var found = await names.ResolveAsync(Query("10000001"), default);

        (found!.Name, found.IsFallback).Should().Be((shown, isStandIn));
    }

    [Theory]
    [InlineData("""{"name":"vanya","contactName":"Ivan (office)"}""", "Ivan (office)", "contactName")]
    [InlineData("""{"name":"vanya","contactName":"  "}""", "vanya", "name")]
    [InlineData("""{"name":"vanya","contactName":"\u3164\u200d"}""", "vanya", "name")]
    [InlineData("""{"name":"\u2800","contactName":"\u200b"}""", null, null)]
    [InlineData("""{"name":"","contactName":"","phoneNumber":70000000116}""", null, null)]
    [InlineData("""{"avatar":""}""", null, null)]
    public async Task ResolveAsync_Response_PrefersContactNameThenProfileName(string body, string? name, string? source)
    {
        var names = await StartAsync();
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, 200, body);

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

        await ShouldBeUnavailableAsync(first);
        await ShouldBeUnavailableAsync(second);
        await ShouldBeUnavailableAsync(names.ResolveAsync(Query("70000000103@c.us"), default).AsTask());
        _instance.Count("getContactInfo").Should().Be(1);
        _host!.LogsOf(3030).Should().ContainSingle();

        _instance.Responder = null;
        _host.Time.Advance(TimeSpan.FromSeconds(seconds));
        (await names.ResolveAsync(Query("70000000101@c.us"), default))!.Name.Should().Be("Ivan (office)");
    }

    [Fact]
    public async Task ResolveAsync_QuotaPauseConfigured_PausesForThatDuration()
    {
        var names = await StartAsync(configure: options => options.CallerNameQuotaPause = TimeSpan.FromMinutes(5));
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, 466, "");
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
        await ShouldBeUnavailableAsync(names.ResolveAsync(Query("70000000101@c.us"), default).AsTask());

        _host!.Instances.Set(WithWebhook(_gateway.ToCallInstance(_instance)));
        await _gateway.Signal.WaitUntilAsync(() => _host.LogsOf(1041).Count() == 2);

        (await names.ResolveAsync(Query("70000000101@c.us"), default))!.Name.Should().Be("Ivan (office)");
    }

    [Theory]
    [InlineData(500, "", "ServerError (HTTP 500)")]
    [InlineData(502, "<html>", "GatewayError (HTTP 502)")]
    [InlineData(418, "", "Unexpected (HTTP 418)")]
    [InlineData(200, "<html>", "InvalidResponse (HTTP 200)")]
    public async Task ResolveAsync_ApiFails_PausesAndResumesAfterTheBackoff(int status, string body, string failure)
    {
        var names = await StartAsync();
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, status, body);

        await ShouldBeUnavailableAsync(names.ResolveAsync(Query("70000000101@c.us"), default).AsTask());
        await ShouldBeUnavailableAsync(names.ResolveAsync(Query("70000000102@c.us"), default).AsTask());

        _instance.Count("getContactInfo").Should().Be(1);
        ShouldHaveLoggedOnePause(failure);
        _instance.Responder = null;
        _host!.Time.Advance(TimeSpan.FromSeconds(2.4));
        (await names.ResolveAsync(Query("70000000101@c.us"), default))!.Name.Should().Be("Ivan (office)");
    }

    [Fact]
    public async Task ResolveAsync_ApiDoesNotRespond_PausesAfterTheRequestTimeout()
    {
        var names = await StartAsync();
        var never = new TaskCompletionSource<bool>();
        _instance.Responder = (_, context) => never.Task.WaitAsync(context.RequestAborted);
        var resolving = names.ResolveAsync(Query("70000000101@c.us"), default).AsTask();
        await _gateway.Signal.WaitUntilAsync(() => _instance.Count("getContactInfo") == 1);

        _host!.Time.Advance(TimeSpan.FromSeconds(5));

        await ShouldBeUnavailableAsync(resolving);
        ShouldHaveLoggedOnePause("TimedOut.");
    }

    [Fact]
    public async Task ResolveAsync_ApiBecomesUnreachable_AllQueuedQueriesAreRejectedAtOnceAndLaterResolved()
    {
        const int Queries = 300;
        var names = await StartAsync();
        var isQueued = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _instance.Responder = async (_, context) =>
        {
            await isQueued.Task;
            context.Abort();
            return true;
        };
        var waiting = Enumerable.Range(0, Queries).Select(number => names.ResolveAsync(Query($"7000000{1000 + number}@c.us"), default).AsTask()).ToArray();
        isQueued.SetResult();

        foreach (var rejected in waiting)
        {
            await ShouldBeUnavailableAsync(rejected);
        }

        _instance.Count("getContactInfo").Should().Be(1);
        ShouldHaveLoggedOnePause("Unreachable (");

        _instance.Responder = null;
        _host!.Time.Advance(TimeSpan.FromSeconds(2.4));
        var resolved = await Task.WhenAll(Enumerable.Range(0, Queries).Select(number => names.ResolveAsync(Query($"7000000{1000 + number}@c.us"), default).AsTask()));
        resolved.Should().OnlyContain(name => name!.Name == "Ivan (office)");
        _instance.Count("getContactInfo").Should().Be(1 + Queries);
    }

    /// <summary>Exceptions of HTTP handlers can contain the address, of which the token is a part.</summary>
    [Fact]
    public async Task ResolveAsync_HttpHandlerOfTheHostThrows_PausesAndLogsTheTypeOnly()
    {
        var names = await StartAsync(configureServices: services => services
            .AddHttpClient(GreenApiClient.HttpClientName).ConfigurePrimaryHttpMessageHandler(static () => new FailingHandler()));

        await ShouldBeUnavailableAsync(names.ResolveAsync(Query("70000000101@c.us"), default).AsTask());

        ShouldHaveLoggedOnePause("NotSupportedException.");
    }

    /// <summary>The simulator refuses every request within a second of the previous one.</summary>
    [Fact]
    public async Task ResolveAsync_SimulatorEnforcesTheRate_RefusesNoRequestIn42Seconds()
    {
        var interval = TimeSpan.FromSeconds(1.02);
        var signal = new TestSignal();
        var clock = new RecordingTimeProvider(signal);
        await using var simulator = await GreenApiSimulator.StartAsync(options => options.TimeProvider = clock);
        var account = simulator.AddInstance();
        await using var host = await TestHost.StartAsync(
            signal,
            [account.ToCallInstance(simulator.ApiUrl, ReceiveMode.Webhook)],
            calls => calls.Services.AddSingleton<TimeProvider>(clock));
        var names = host.Services.GetRequiredKeyedService<ICallerNameResolver>(ICallerNameResolver.FallbackKey);

        var resolving = Enumerable.Range(0, 60)
            .Select(number => names.ResolveAsync(new() { IdInstance = account.IdInstance, ChatId = ChatId.Parse($"7000000{1000 + number}@c.us") }, default).AsTask()).ToArray();
        var requests = 1;
        for (var elapsed = interval; elapsed <= TimeSpan.FromSeconds(42); elapsed += interval)
        {
            await clock.WaitForTimersAsync(interval, requests);
            await signal.WaitUntilAsync(() => resolving.Count(task => task.IsCompletedSuccessfully) == requests);
            clock.Advance(interval);
            requests++;
        }

        await signal.WaitUntilAsync(() => resolving.Count(task => task.IsCompletedSuccessfully) == requests);
        requests.Should().BeGreaterThanOrEqualTo(40);
        account.Requests["getContactInfo"].Should().Be(requests);
        host.LogsOf(3030).Should().BeEmpty();
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
        await Task.WhenAll(first, second);

        recorder.Names.Should().Equal("Ivan (office)", "Ivan (office)");
        _instance.Count("getContactInfo").Should().Be(1);
    }

    private void ShouldHaveLoggedOnePause(string failure)
    {
        var log = _host!.LogsOf(3030).Should().ContainSingle().Which;
        log.Message.Should().Contain($" because getContactInfo failed: {failure}");
        (log.Level, log.Exception).Should().Be((LogLevel.Warning, null));
    }

    private static async Task ShouldBeUnavailableAsync(Task<CallerName?> asked) =>
        await asked.Awaiting(static task => task).Should().ThrowAsync<CallerNameUnavailableException>("\"no name\" would be remembered");

    private static CallerNameQuery Query(string chatId, bool isRinging = false) =>
        new() { IdInstance = NotificationJson.IdInstance, ChatId = ChatId.Parse(chatId), IsRinging = isRinging };

    private static CallInstance WithWebhook(CallInstance instance) =>
        new() { IdInstance = instance.IdInstance, ApiUrl = instance.ApiUrl, ApiTokenInstance = instance.ApiTokenInstance, Receive = ReceiveMode.Webhook };

    private async Task<ICallerNameResolver> StartAsync(
        CallInstance? instance = null, Action<GreenApiOptions>? configure = null, Action<IServiceCollection>? configureServices = null)
    {
        instance ??= _gateway.ToCallInstance(_instance);
        _host = await TestHost.StartAsync(
            _gateway.Signal,
            [WithWebhook(instance)],
            calls =>
            {
                calls.AddGreenApi(configure ?? (_ => { })).Services.AddSingleton<Recorder>();
                calls.AddChatRecorder<Recorder>();
                calls.Services.Replace(UnpacedQueues.Descriptor);
                configureServices?.Invoke(calls.Services);
            },
            useFakeClock: true);
        return _host.Services.GetRequiredKeyedService<ICallerNameResolver>(ICallerNameResolver.FallbackKey);
    }

    private sealed class FailingHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new NotSupportedException($"{request.RequestUri} is refused.");
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
