using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Tests.Polling;

/// <summary>What a poller does about answers of failure: how long it waits, what it says and how often.</summary>
public sealed class PollerConditionTests : IAsyncLifetime
{
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
    [InlineData(401, "", 3010, 600, LogLevel.Error)]
    [InlineData(403, "<html>", 3010, 600, LogLevel.Error)]
    [InlineData(404, "", 3010, 600, LogLevel.Error)]
    [InlineData(400, "instance account expired", 3010, 600, LogLevel.Error)]
    [InlineData(400, "instance account not authorized", 3011, 30, LogLevel.Error)]
    [InlineData(400, """{"code":"INVALID_PARAM","message":"custom webhook url is set"}""", 3012, 60, LogLevel.Error)]
    [InlineData(400, "instance in starting process try later", 3015, 5, LogLevel.Warning)]
    [InlineData(466, "{}", 3015, 30, LogLevel.Warning)]
    public async Task Failed_LastingState_OneMessageAndAFixedWait(int status, string body, int logId, double seconds, LogLevel level)
    {
        var isFailing = true;
        _account.Answer = (_, context) => isFailing ? Gateway.SendAsync(context, status, body) : Task.FromResult(false);
        var (from, to) = (TimeSpan.FromSeconds(seconds + 0.000_001), TimeSpan.FromSeconds(seconds * 1.1));
        var host = await StartAsync();

        await host.Time.ArmedAsync(from, to);
        host.Time.Advance(to);
        await host.Time.ArmedAsync(from, to, times: 2);

        host.LogsOf(logId).Should().ContainSingle().Which.Level.Should().Be(level);
        _account.Count("receiveNotification").Should().Be(2);
        (await host.HealthAsync()).Should().StartWith(status == 466 ? "Healthy" : $"Degraded Instances that deliver nothing: {Wire.IdInstance} (");

        isFailing = false;
        host.Time.Advance(to);
        _account.Enqueue(Wire.Call("A1"));
        await _gateway.Pulse.UntilAsync(() => _account.Queued == 0 && _account.Waiting == 1);

        host.LogsOf(3002).Should().ContainSingle();
        host.Journal.Events.Should().ContainSingle();
        (await host.HealthAsync()).Should().Be("Healthy");
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    public async Task Failed_PassingState_WaitsGrowAndOneWarningIsLogged(int status)
    {
        _account.Answer = (_, context) => Gateway.SendAsync(context, status, "");
        var host = await StartAsync();
        var first = TimeSpan.FromMilliseconds(100);

        // 100 ms, 200 ms, 400 ms, 800 ms, then 1 s for good; jitter takes up to half.
        await _gateway.Pulse.UntilAsync(() => _account.Count("receiveNotification") == 1);
        await host.Time.ArmedAfterAsync(TimeSpan.FromSeconds(30), 1, first / 2, first);
        host.Time.Advance(first);
        await host.Time.ArmedAsync(first, 2 * first);
        host.Time.Advance(2 * first);
        await host.Time.ArmedAsync(2 * first + TimeSpan.FromTicks(1), 4 * first);
        (await host.HealthAsync()).Should().StartWith("Degraded");
        host.Time.Advance(4 * first);
        await host.Time.ArmedAsync(4 * first + TimeSpan.FromTicks(1), 8 * first);
        host.Time.Advance(8 * first);
        await _gateway.Pulse.UntilAsync(() => _account.Count("receiveNotification") == 5);

        host.LogsOf(3013).Should().ContainSingle().Which.Level.Should().Be(LogLevel.Warning);
    }

    [Fact]
    public async Task Stopped_TokenChanges_PolledAgainAtOnce()
    {
        var host = await StartAsync(_gateway.Instance(_account, token: "wrong"));
        await _gateway.Pulse.UntilAsync(() => _account.Count("receiveNotification") == 1);
        await host.Time.ArmedAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));

        host.Instances.Set(_gateway.Instance(_account));

        await _gateway.Pulse.UntilAsync(() => _account.Waiting == 1);
        (await host.HealthAsync()).Should().Be("Healthy");
    }

    [Theory]
    [InlineData(200, "null")]
    [InlineData(504, "")]
    public async Task EmptyAtOnce_AgainAndAgain_IsNoBusyLoop(int status, string body)
    {
        _account.Answer = (_, context) => Gateway.SendAsync(context, status, body);
        var host = await StartAsync();

        // Each request arms its time limit of 30 s.
        await host.Time.ArmedAfterAsync(TimeSpan.FromSeconds(30), 4, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));

        _account.Count("receiveNotification").Should().Be(4);
    }

    [Fact]
    public async Task NoReceiptId_SameAnswerAgain_IsQuarantinedOnce()
    {
        _account.Answer = (_, context) => Gateway.SendAsync(context, 200, "<html>Please log in to the hotel's network</html>");
        var host = await StartAsync();
        var (from, to) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));

        await host.Time.ArmedAfterAsync(TimeSpan.FromSeconds(30), 1, from, to);
        host.Time.Advance(to);
        await host.Time.ArmedAfterAsync(TimeSpan.FromSeconds(30), 2, from, to);

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

    private async Task<TestHost> StartAsync(CallInstance? instance = null) =>
        _host = await TestHost.StartAsync(_gateway.Pulse, [instance ?? _gateway.Instance(_account)], standStill: true);
}
