using IncomingCalls.GreenApi.Polling;
using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Tests.Polling;

/// <summary>The reaction of a poller to failures: how long it waits, and what it logs how often.</summary>
public sealed class PollerStateTrackerTests : IAsyncLifetime
{
    /// <summary>The timeout of a request, whose timer precedes the timer of the wait after the answer.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

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
    [InlineData(400, "Instance account is expired. Renew your instance from personal area", 3024, 60, 0.0, LogLevel.Warning)]
    [InlineData(404, """{"message":"Instance is deleted"}""", 3024, 63, 0.5, LogLevel.Warning)]
    [InlineData(400, "instance account not authorized", 3011, 33, 1.0, LogLevel.Error)]
    [InlineData(400, """{"code":"INVALID_PARAM","message":"custom webhook url is set"}""", 3012, 60, 0.0, LogLevel.Error)]
    [InlineData(400, "instance in starting process try later", 3015, 5, 0.0, LogLevel.Warning)]
    [InlineData(466, "{}", 3015, 31.5, 0.5, LogLevel.Warning)]
    public async Task RecordFailure_PersistentState_LogsOnceAndUsesFixedDelay(int status, string body, int logId, double seconds, double jitter, LogLevel level)
    {
        var isFailing = true;
        _instance.Responder = (_, context) => isFailing ? FakeGateway.SendAsync(context, status, body) : Task.FromResult(false);
        var wait = TimeSpan.FromSeconds(seconds);
        var host = await StartAsync(jitter);

        await host.Time.WaitForTimerAfterAsync(RequestTimeout, 1, wait);
        host.Time.Advance(wait);
        await host.Time.WaitForTimerAfterAsync(RequestTimeout, 2, wait);

        host.LogsOf(logId).Should().ContainSingle().Which.Level.Should().Be(level);
        _instance.Count("receiveNotification").Should().Be(2);
        (await host.HealthAsync()).Should().StartWith(status == 466 ? "Healthy" : $"Degraded Instances that deliver nothing: {NotificationJson.IdInstance} (");

        isFailing = false;
        host.Time.Advance(wait);
        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _gateway.Signal.WaitUntilAsync(() => _instance.QueueLength == 0 && _instance.WaitingPolls == 1);

        host.LogsOf(3002).Should().ContainSingle();
        host.Recorder.Events.Should().ContainSingle();
        (await host.HealthAsync()).Should().Be("Healthy");
    }

    [Theory]
    [InlineData(429, 0.0, new[] { 100, 200, 400, 800, 1000, 1000 })]
    [InlineData(500, 0.5, new[] { 75, 150, 300, 600, 750, 750 })]
    [InlineData(502, 1.0, new[] { 50, 100, 200, 400, 500, 500 })]
    public async Task RecordFailure_TransientState_BacksOffAndLogsOnce(int status, double jitter, int[] milliseconds)
    {
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, status, "");
        var host = await StartAsync(jitter);

        for (var failures = 1; failures <= milliseconds.Length; failures++)
        {
            var wait = TimeSpan.FromMilliseconds(milliseconds[failures - 1]);
            await host.Time.WaitForTimerAfterAsync(RequestTimeout, failures, wait);
            (await host.HealthAsync()).Should().StartWith(failures < 3 ? "Healthy" : "Degraded");
            host.Time.Advance(wait);
        }

        await _gateway.Signal.WaitUntilAsync(() => _instance.Count("receiveNotification") == milliseconds.Length + 1);
        host.LogsOf(3013).Should().ContainSingle().Which.Level.Should().Be(LogLevel.Warning);
    }

    [Theory]
    [InlineData(401, "", "ApiTokenInstance")]
    [InlineData(403, "<html>Forbidden</html>", "suspended")]
    [InlineData(404, "", "ApiUrl")]
    public async Task RecordFailure_OneRefusalAfterGoodAnswers_RetriesWithinSeconds(int status, string body, string advice)
    {
        var host = await StartAsync();
        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _gateway.Signal.WaitUntilAsync(() => _instance.QueueLength == 0 && _instance.WaitingPolls == 1);
        var isRefused = true;
        _instance.Responder = (method, context) => isRefused && method == "receiveNotification" ? FakeGateway.SendAsync(context, status, body) : Task.FromResult(false);

        _instance.Enqueue(NotificationJson.IncomingCall("A2"));
        await host.Time.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        (await host.HealthAsync()).Should().Be("Healthy", "one odd answer is a fault of the gateway");
        isRefused = false;
        host.Time.Advance(TimeSpan.FromSeconds(2));
        await _gateway.Signal.WaitUntilAsync(() => _instance.QueueLength == 0);

        host.Recorder.Events.Should().HaveCount(2);
        host.LogsOf(3023).Should().ContainSingle().Which.Message.Should().Contain(advice).And.Contain("2 s");
        host.LogsOf(3010).Should().BeEmpty();
    }

    [Theory]
    [InlineData(401, 0.0, 600)]
    [InlineData(403, 0.5, 630)]
    [InlineData(404, 1.0, 660)]
    public async Task RecordFailure_RefusedForFiveMinutes_StopsWithOneError(int status, double jitter, double stoppedSeconds)
    {
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, status, "");
        var host = await StartAsync(jitter);
        var factor = 1 + (0.1 * jitter);
        var failures = 0;
        for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromMinutes(5);)
        {
            var wait = TimeSpan.FromSeconds(++failures switch { 1 => 2, 2 => 5, _ => 15 }) * factor;
            await host.Time.WaitForTimerAfterAsync(RequestTimeout, failures, wait);
            host.LogsOf(3010).Should().BeEmpty();
            host.Time.Advance(wait);
            elapsed += wait;
        }

        await host.Time.WaitForTimerAfterAsync(RequestTimeout, failures + 1, TimeSpan.FromSeconds(stoppedSeconds));
        host.Time.Advance(TimeSpan.FromSeconds(stoppedSeconds));
        await host.Time.WaitForTimerAfterAsync(RequestTimeout, failures + 2, TimeSpan.FromSeconds(stoppedSeconds));

        host.LogsOf(3010).Should().ContainSingle().Which.Level.Should().Be(LogLevel.Error);
        (await host.HealthAsync()).Should().StartWith("Degraded");
    }

    [Fact]
    public async Task RecordFailure_RefusalsAndTimeoutsAlternate_IsUnhealthyLogsEachOnceAndStops()
    {
        var requests = 0;
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, ++requests % 2 == 0 ? 502 : 401, "");
        var host = await StartAsync();

        var failures = 0;
        // Until the next answer is a refusal.
        for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromMinutes(5) || failures % 2 == 1;)
        {
            failures++;
            var wait = failures % 2 == 0 ? TimeSpan.FromMilliseconds(Math.Min(100 * Math.Pow(2, failures - 1), 1000)) : TimeSpan.FromSeconds(failures == 1 ? 2 : 15);
            await host.Time.WaitForTimerAfterAsync(RequestTimeout, failures, wait);
            (await host.HealthAsync()).Should().StartWith(failures < 3 ? "Healthy" : "Degraded");
            host.Time.Advance(wait);
            elapsed += wait;
        }

        await _gateway.Signal.WaitUntilAsync(() => host.LogsOf(3010).Any());
        host.LogsOf(3010).Should().ContainSingle("an answer that is missing now and then does not make the token right");
        (host.LogsOf(3013).Count(), host.LogsOf(3023).Count()).Should().Be((1, 1));
    }

    [Fact]
    public async Task RecordFailure_ExpiredForTwoHours_StopsWithOneErrorAndRetriesEveryQuarterOfAnHour()
    {
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, 400, "Instance account is expired. Renew your instance from personal area");
        var host = await StartAsync();
        for (var minute = 1; minute <= 120; minute++)
        {
            await host.Time.WaitForTimerAfterAsync(RequestTimeout, minute, TimeSpan.FromMinutes(1));
            host.Time.Advance(TimeSpan.FromMinutes(1));
        }

        await host.Time.WaitForTimerAfterAsync(RequestTimeout, 121, TimeSpan.FromMinutes(15));

        host.LogsOf(3010).Should().ContainSingle().Which.Message.Should().Contain("Renew it");
        host.LogsOf(3024).Should().ContainSingle();
    }

    [Fact]
    public async Task ReceiveNotification_QuotaExceededWithANotification_IsDeletedAndTheNextIsReceived()
    {
        var host = await StartAsync();
        var isHead = true;
        _instance.Responder = (method, context) =>
        {
            if (method == "deleteNotification" && context.Request.Path.Value!.EndsWith("/77", StringComparison.Ordinal))
            {
                isHead = false;
                return FakeGateway.SendAsync(context, 200, """{"result":true}""");
            }

            return isHead && method == "receiveNotification"
                ? FakeGateway.SendAsync(context, 466, """{"receiptId":77,"body":{"typeWebhook":"quotaExceeded","instanceData":{"idInstance":1101000001},"quotaData":{"status":"QUOTE_EXCEEDED"}}}""")
                : Task.FromResult(false);
        };

        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _gateway.Signal.WaitUntilAsync(() => _instance.QueueLength == 0);

        host.Recorder.Events.Should().ContainSingle("a notification at the head of the queue blocks all others");
        host.LogsOf(3015).Should().BeEmpty();
    }

    [Fact]
    public async Task ReceiveNotification_PageThatChangesEachTime_IsNotQuarantined()
    {
        var page = 0;
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, 200, $"<html>Please log in. Visit {++page}</html>", "text/html");
        var host = await StartAsync();

        await host.Time.WaitForTimerAfterAsync(RequestTimeout, 1, TimeSpan.FromMilliseconds(100));
        host.Time.Advance(TimeSpan.FromMilliseconds(100));
        await host.Time.WaitForTimerAfterAsync(RequestTimeout, 2, TimeSpan.FromMilliseconds(200));

        host.LogsOf(1002).Should().BeEmpty();
        host.LogsOf(3013).Should().ContainSingle().Which.Message.Should().Contain("InvalidResponse");
    }

    [Theory]
    [InlineData("""{"code":401,"message":"unauthorized"}""")]
    [InlineData("""{"statusCode": 401, "path":"/waInstance"}""")]
    public async Task ReceiveNotification_ErrorWithTheStatusOfASuccess_NamesTheToken(string body)
    {
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, 200, body);
        var host = await StartAsync();

        await host.Time.WaitForTimerAfterAsync(RequestTimeout, 1, TimeSpan.FromSeconds(2));

        host.LogsOf(3023).Should().ContainSingle().Which.Message.Should().Contain("The ApiTokenInstance is wrong");
        host.LogsOf(1002).Should().BeEmpty();
    }

    /// <summary>On a full disk notifications stay in the queue of the gateway, and the poller does not request them in a busy loop.</summary>
    [Fact]
    public async Task RecordStoreFailure_Repeated_BacksOffUntilStored()
    {
        var inbox = new FailingInbox { Failures = int.MaxValue };
        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        var host = await StartAsync(configure: calls => calls.Services.Replace(ServiceDescriptor.Singleton<ICallInbox>(inbox)));
        int[] milliseconds = [100, 200, 400, 800, 1000, 1000];

        for (var failures = 1; failures <= milliseconds.Length; failures++)
        {
            var wait = TimeSpan.FromMilliseconds(milliseconds[failures - 1]);
            await host.Time.WaitForTimerAfterAsync(RequestTimeout, failures, wait);
            _instance.Count("receiveNotification").Should().Be(failures);
            _instance.QueueLength.Should().Be(1);
            inbox.Failures = failures == milliseconds.Length ? 0 : inbox.Failures;
            host.Time.Advance(wait);
        }

        await _gateway.Signal.WaitUntilAsync(() => _instance.QueueLength == 0 && _instance.WaitingPolls == 1);
        inbox.Accepted.Should().Be(1);
        _instance.Count("deleteNotification").Should().Be(1);
    }

    [Fact]
    public async Task Stopped_TokenChanges_PolledImmediately()
    {
        var host = await StartAsync(instance: _gateway.ToCallInstance(_instance, token: "wrong"));
        await _gateway.Signal.WaitUntilAsync(() => _instance.Count("receiveNotification") == 1);
        await host.Time.WaitForTimerAsync(TimeSpan.FromSeconds(2));

        host.Instances.Set(_gateway.ToCallInstance(_instance));

        await _gateway.Signal.WaitUntilAsync(() => _instance.WaitingPolls == 1);
        (await host.HealthAsync()).Should().Be("Healthy");
    }

    [Theory]
    [InlineData(200, "null", 1000)]
    [InlineData(504, "", 100)]
    public async Task EmptyResponse_RepeatedImmediately_NoBusyLoop(int status, string body, int milliseconds)
    {
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, status, body);
        var host = await StartAsync();

        await host.Time.WaitForTimerAfterAsync(RequestTimeout, 4, TimeSpan.FromMilliseconds(milliseconds));

        _instance.Count("receiveNotification").Should().Be(4);
    }

    [Fact]
    public async Task NoReceiptId_SameNotificationRepeated_HandledOnce()
    {
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, 200, NotificationJson.IncomingCall("A1"));
        var host = await StartAsync();
        var wait = TimeSpan.FromMilliseconds(100);

        await host.Time.WaitForTimerAfterAsync(RequestTimeout, 1, wait);
        host.Time.Advance(wait);
        await host.Time.WaitForTimerAfterAsync(RequestTimeout, 2, 2 * wait);

        host.Recorder.Events.Should().ContainSingle();
        host.LogsOf(1005).Should().BeEmpty();
        _instance.Requests.Should().NotContain("deleteNotification");
    }

    [Fact]
    public async Task Unreachable_GatewayRecovers_PollingResumes()
    {
        _instance.Responder = (_, context) =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        _host = await TestHost.StartAsync(_gateway.Signal, [_gateway.ToCallInstance(_instance)]);
        await _gateway.Signal.WaitUntilAsync(() => _instance.Count("receiveNotification") >= 3);

        _instance.Responder = null;
        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _gateway.Signal.WaitUntilAsync(() => _instance.QueueLength == 0);

        _host.Recorder.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task RecordFailure_OneInstance_OthersUnaffected()
    {
        var well = _gateway.AddInstance(1101000002);
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, 401, "");
        _host = await TestHost.StartAsync(
            _gateway.Signal,
            [_gateway.ToCallInstance(_instance), _gateway.ToCallInstance(well), new() { IdInstance = 3, ApiUrl = new("ftp://a.test"), ApiTokenInstance = "x" }, new() { IdInstance = 4 }]);

        well.Enqueue(NotificationJson.IncomingCall("A1", idInstance: well.IdInstance));
        await _gateway.Signal.WaitUntilAsync(() => well.QueueLength == 0 && _host.LogsOf(3014).Count() >= 2);

        _host.Recorder.Events.Should().ContainSingle();
        _host.LogsOf(3020).Should().HaveCount(2);
        (await _host.HealthAsync()).Should().Contain($"{_instance.IdInstance} (Refused)").And.Contain("3 (cannot be polled)").And.NotContain($"{well.IdInstance}");
    }

    /// <summary>Starts a poller with a fixed jitter, so that each of its waits is known to the millisecond.</summary>
    private async Task<TestHost> StartAsync(double jitter = 0, CallInstance? instance = null, Action<IIncomingCallsBuilder>? configure = null) =>
        _host = await TestHost.StartAsync(
            _gateway.Signal,
            [instance ?? _gateway.ToCallInstance(_instance)],
            calls =>
            {
                calls.Services.Replace(ServiceDescriptor.Singleton(services => new PollerContext(
                    services.GetRequiredService<GreenApiClient>(),
                    services.GetRequiredService<ICallIntake>(),
                    services.GetRequiredService<LastKnownGoodOptions<GreenApiOptions>>(),
                    services.GetRequiredService<TimeProvider>(),
                    services.GetRequiredService<ILogger<InstancePoller>>()) { Random = () => jitter }));
                configure?.Invoke(calls);
            },
            useFakeClock: true);
}
