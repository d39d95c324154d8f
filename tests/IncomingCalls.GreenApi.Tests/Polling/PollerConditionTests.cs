using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Inboxes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Tests.Polling;

/// <summary>What a poller does about answers of failure: how long it waits, what it says and how often.</summary>
public sealed class PollerConditionTests : IAsyncLifetime
{
    /// <summary>Armed by each request, before the wait that follows its answer.</summary>
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(30);

    private Gateway _gateway = null!;
    private GatewayAccount _account = null!;
    private TestHost? _host;

    public async Task InitializeAsync()
    {
        _gateway = await Gateway.StartAsync();
        _account = _gateway.Add();
    }

    public async Task DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData(401, "", 3010, 600, 0.0, LogLevel.Error)]
    [InlineData(403, "<html>", 3010, 630, 0.5, LogLevel.Error)]
    [InlineData(404, "", 3010, 660, 1.0, LogLevel.Error)]
    [InlineData(400, "instance account expired", 3010, 600, 0.0, LogLevel.Error)]
    [InlineData(400, "instance account not authorized", 3011, 33, 1.0, LogLevel.Error)]
    [InlineData(400, """{"code":"INVALID_PARAM","message":"custom webhook url is set"}""", 3012, 60, 0.0, LogLevel.Error)]
    [InlineData(400, "instance in starting process try later", 3015, 5, 0.0, LogLevel.Warning)]
    [InlineData(466, "{}", 3015, 31.5, 0.5, LogLevel.Warning)]
    public async Task Failed_LastingState_OneMessageAndAFixedWait(int status, string body, int logId, double seconds, double jitter, LogLevel level)
    {
        var isFailing = true;
        _account.Answer = (_, context) => isFailing ? Gateway.SendAsync(context, status, body) : Task.FromResult(false);
        var wait = TimeSpan.FromSeconds(seconds);
        var host = await StartAsync(jitter);

        await host.Time.ArmedAfterAsync(RequestLimit, 1, wait);
        host.Time.Advance(wait);
        await host.Time.ArmedAfterAsync(RequestLimit, 2, wait);

        host.LogsOf(logId).Should().ContainSingle().Which.Level.Should().Be(level);
        _account.Count("receiveNotification").Should().Be(2);
        (await host.HealthAsync()).Should().StartWith(status == 466 ? "Healthy" : $"Degraded Instances that deliver nothing: {Wire.IdInstance} (");

        isFailing = false;
        host.Time.Advance(wait);
        _account.Enqueue(Wire.Call("A1"));
        await _gateway.Pulse.UntilAsync(() => _account.Queued == 0 && _account.Waiting == 1);

        host.LogsOf(3002).Should().ContainSingle();
        host.Journal.Events.Should().ContainSingle();
        (await host.HealthAsync()).Should().Be("Healthy");
    }

    [Theory]
    [InlineData(429, 0.0, new[] { 100, 200, 400, 800, 1000, 1000 })]
    [InlineData(500, 0.5, new[] { 75, 150, 300, 600, 750, 750 })]
    [InlineData(502, 1.0, new[] { 50, 100, 200, 400, 500, 500 })]
    public async Task Failed_PassingState_WaitsGrowAndOneWarningIsLogged(int status, double jitter, int[] milliseconds)
    {
        _account.Answer = (_, context) => Gateway.SendAsync(context, status, "");
        var host = await StartAsync(jitter);

        for (var failures = 1; failures <= milliseconds.Length; failures++)
        {
            var wait = TimeSpan.FromMilliseconds(milliseconds[failures - 1]);
            await host.Time.ArmedAfterAsync(RequestLimit, failures, wait);
            (await host.HealthAsync()).Should().StartWith(failures < 3 ? "Healthy" : "Degraded");
            host.Time.Advance(wait);
        }

        await _gateway.Pulse.UntilAsync(() => _account.Count("receiveNotification") == milliseconds.Length + 1);
        host.LogsOf(3013).Should().ContainSingle().Which.Level.Should().Be(LogLevel.Warning);
    }

    /// <summary>A full disk: the gateway keeps what cannot be kept here, and is not asked for it in a busy loop.</summary>
    [Fact]
    public async Task NotKept_AgainAndAgain_WaitsGrowAndTheNotificationStaysUntilItIs()
    {
        var inbox = new FailingInbox { Failures = int.MaxValue };
        _account.Enqueue(Wire.Call("A1"));
        var host = await StartAsync(configure: calls => calls.Services.Replace(ServiceDescriptor.Singleton<ICallInbox>(inbox)));
        int[] milliseconds = [100, 200, 400, 800, 1000, 1000];

        for (var failures = 1; failures <= milliseconds.Length; failures++)
        {
            var wait = TimeSpan.FromMilliseconds(milliseconds[failures - 1]);
            await host.Time.ArmedAfterAsync(RequestLimit, failures, wait);
            _account.Count("receiveNotification").Should().Be(failures);
            _account.Queued.Should().Be(1);
            inbox.Failures = failures == milliseconds.Length ? 0 : inbox.Failures;
            host.Time.Advance(wait);
        }

        await _gateway.Pulse.UntilAsync(() => _account.Queued == 0 && _account.Waiting == 1);
        inbox.Accepted.Should().Be(1);
        _account.Count("deleteNotification").Should().Be(1);
    }

    [Fact]
    public async Task Stopped_TokenChanges_PolledAgainAtOnce()
    {
        var host = await StartAsync(instance: _gateway.Instance(_account, token: "wrong"));
        await _gateway.Pulse.UntilAsync(() => _account.Count("receiveNotification") == 1);
        await host.Time.ArmedAsync(TimeSpan.FromMinutes(10));

        host.Instances.Set(_gateway.Instance(_account));

        await _gateway.Pulse.UntilAsync(() => _account.Waiting == 1);
        (await host.HealthAsync()).Should().Be("Healthy");
    }

    [Theory]
    [InlineData(200, "null", 1000)]
    [InlineData(504, "", 100)]
    public async Task EmptyAtOnce_AgainAndAgain_IsNoBusyLoop(int status, string body, int milliseconds)
    {
        _account.Answer = (_, context) => Gateway.SendAsync(context, status, body);
        var host = await StartAsync();

        await host.Time.ArmedAfterAsync(RequestLimit, 4, TimeSpan.FromMilliseconds(milliseconds));

        _account.Count("receiveNotification").Should().Be(4);
    }

    [Fact]
    public async Task NoReceiptId_SameAnswerAgain_IsQuarantinedOnce()
    {
        _account.Answer = (_, context) => Gateway.SendAsync(context, 200, "<html>Please log in to the hotel's network</html>");
        var host = await StartAsync();
        var wait = TimeSpan.FromMilliseconds(100);

        await host.Time.ArmedAfterAsync(RequestLimit, 1, wait);
        host.Time.Advance(wait);
        await host.Time.ArmedAfterAsync(RequestLimit, 2, 2 * wait);

        host.LogsOf(1002).Should().ContainSingle();
        _account.Requests.Should().NotContain("deleteNotification");
    }

    [Fact]
    public async Task Unreachable_GatewayComesBack_PollingGoesOn()
    {
        _account.Answer = (_, context) =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        _host = await TestHost.StartAsync(_gateway.Pulse, [_gateway.Instance(_account)]);
        await _gateway.Pulse.UntilAsync(() => _account.Count("receiveNotification") >= 3);

        _account.Answer = null;
        _account.Enqueue(Wire.Call("A1"));
        await _gateway.Pulse.UntilAsync(() => _account.Queued == 0);

        _host.Journal.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task Failed_OneInstance_OthersAreNotTouched()
    {
        var well = _gateway.Add(1101000002);
        _account.Answer = (_, context) => Gateway.SendAsync(context, 401, "");
        _host = await TestHost.StartAsync(
            _gateway.Pulse,
            [_gateway.Instance(_account), _gateway.Instance(well), new() { IdInstance = 3, ApiUrl = new("ftp://a.test"), ApiTokenInstance = "x" }, new() { IdInstance = 4 }]);

        well.Enqueue(Wire.Call("A1", idInstance: well.IdInstance));
        await _gateway.Pulse.UntilAsync(() => well.Queued == 0 && _host.LogsOf(3010).Any());

        _host.Journal.Events.Should().ContainSingle();
        _host.LogsOf(3020).Should().HaveCount(2);
        (await _host.HealthAsync()).Should().Contain($"{_account.IdInstance} (Stopped)").And.Contain("3 (cannot be polled)").And.NotContain($"{well.IdInstance}");
    }

    /// <summary>Starts a poller whose jitter is no accident, so that each of its waits is known to the millisecond.</summary>
    private async Task<TestHost> StartAsync(double jitter = 0, CallInstance? instance = null, Action<IIncomingCallsBuilder>? configure = null) =>
        _host = await TestHost.StartAsync(
            _gateway.Pulse,
            [instance ?? _gateway.Instance(_account)],
            calls =>
            {
                calls.Services.Replace(ServiceDescriptor.Singleton(services => new PollerContext(
                    services.GetRequiredService<GreenApiClient>(),
                    services.GetRequiredService<ICallIntake>(),
                    services.GetRequiredService<LastValid<GreenApiOptions>>(),
                    services.GetRequiredService<TimeProvider>(),
                    services.GetRequiredService<ILogger<InstancePoller>>()) { Random = () => jitter }));
                configure?.Invoke(calls);
            },
            standStill: true);
}
