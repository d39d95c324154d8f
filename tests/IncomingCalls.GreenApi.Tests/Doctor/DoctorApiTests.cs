using IncomingCalls.GreenApi.Client;
using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;
using static IncomingCalls.DoctorFindingCode;
using static IncomingCalls.DoctorSeverity;

namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>Findings on the access to the API, the clock, and the state of the instance.</summary>
public sealed class DoctorApiTests : IAsyncLifetime
{
    private DoctorFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await DoctorFixture.StartAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task ExamineAsync_HealthyInstance_TokenStateAndClockAreOk()
    {
        var report = await _fixture.Doctor.ExamineAsync(_fixture.PolledInstance, DoctorFixture.WithoutConsumerWatch);

        report.ShouldHave(ApiTokenAccepted, Ok, "getStateInstance returned Ok (HTTP 200).");
        report.ShouldHave(InstanceAuthorized, Ok, "The state of the instance is Authorized.");
        report.ShouldHave(ClockRight, Ok, "The clock of this host agrees with the clock of the API.");
    }

    [Theory]
    [InlineData(401, "", ApiTokenRefused, Error)]
    [InlineData(403, "<html>", InstanceRefused, Error)]
    [InlineData(404, "", ApiUrlWrong, Error)]
    [InlineData(200, "<html>Welcome</html>", ApiUrlWrong, Error)]
    [InlineData(200, """{"hello":"world"}""", ApiUrlWrong, Error)]
    [InlineData(301, "", ApiUrlWrong, Error)]
    [InlineData(400, "instance account is expired or deleted", InstanceExpired, Error)]
    [InlineData(408, "", ApiUnreachable, Error)]
    public async Task ExamineAsync_FirstRequestFails_FindingAndNoFurtherRequests(int status, string body, DoctorFindingCode code, DoctorSeverity severity)
    {
        _fixture.Simulator.FailNext("getStateInstance", status, body);

        var report = await _fixture.Doctor.ExamineAsync(_fixture.PolledInstance);

        report.ShouldHave(code, severity, "getStateInstance returned *");
        report.Codes().Should().BeSubsetOf([code, ClockRight]);
        _fixture.Instance.Requests.Keys.Should().Equal("getStateInstance");
    }

    [Theory]
    [InlineData(500, "", ApiFailing, Warning)]
    [InlineData(503, "", ApiFailing, Warning)]
    [InlineData(466, "{}", QuotaExceeded, Warning)]
    [InlineData(418, "", AnswerUnknown, Warning)]
    [InlineData(400, "instance in starting process try later", InstanceStarting, Warning)]
    [InlineData(400, "instance account not authorized", InstanceNotAuthorized, Error)]
    public async Task ExamineAsync_OneMethodFails_OthersAreRequested(int status, string body, DoctorFindingCode code, DoctorSeverity severity)
    {
        _fixture.Simulator.FailNext("getStateInstance", status, body);
        _fixture.Simulator.FailNext("getSettings", status, body);

        var report = await _fixture.Doctor.ExamineAsync(_fixture.PolledInstance);

        report.ShouldHave(code, severity, "getStateInstance returned *");
        report.Codes().Should().NotContain([ApiTokenAccepted, CallNotificationsOn]).And.Contain(QueueEmpty);
    }

    [Fact]
    public async Task ExamineAsync_AnotherRunInTheSameSecond_IsNoFinding()
    {
        _fixture.Simulator.FailNext("getStateInstance", 429);
        var examining = _fixture.Doctor.ExamineAsync(_fixture.PolledInstance, DoctorFixture.WithoutConsumerWatch);
        await _fixture.Time.WaitForTimerAsync(RateLimitRetry.Delay);

        _fixture.Time.Advance(RateLimitRetry.Delay);

        (await examining).Codes().Should().Contain([ApiTokenAccepted, InstanceAuthorized]).And.NotContain(ApiBusy);
    }

    [Fact]
    public async Task ExamineAsync_ManyRequestsOfAnotherProgram_ApiBusy()
    {
        _fixture.Simulator.FailNext("getStateInstance", 429, times: RateLimitRetry.MaxAttempts);
        var examining = _fixture.Doctor.ExamineAsync(_fixture.PolledInstance, DoctorFixture.WithoutConsumerWatch);
        for (var retry = 1; retry < RateLimitRetry.MaxAttempts; retry++)
        {
            await _fixture.Time.WaitForTimersAsync(RateLimitRetry.Delay, retry);
            _fixture.Time.Advance(RateLimitRetry.Delay);
        }

        (await examining).ShouldHave(ApiBusy, Warning, "getStateInstance returned RateLimited (HTTP 429).");
    }

    [Fact]
    public async Task ExamineAsync_WrongToken_ApiTokenRefused()
    {
        _fixture.Instance.ApiTokenInstance = "another";

        var report = await _fixture.Doctor.ExamineAsync(
            new() { IdInstance = _fixture.Instance.IdInstance, ApiUrl = _fixture.Simulator.ApiUrl, ApiTokenInstance = "s3cret" });

        report.ShouldHave(ApiTokenRefused, Error, "getStateInstance returned Unauthorized (HTTP 401).");
        report.Severity.Should().Be(Error);
    }

    [Fact]
    public async Task ExamineAsync_ConnectionRefused_ApiUnreachable()
    {
        var report = await _fixture.Doctor.ExamineAsync(new() { IdInstance = 1, ApiUrl = new("http://127.0.0.1:1"), ApiTokenInstance = "s3cret" });

        report.Codes().Should().Equal(ApiUnreachable);
        report.ShouldHave(ApiUnreachable, Error, "getStateInstance returned Unreachable (ConnectionRefused at http://127.0.0.1:1).");
    }

    [Fact]
    public async Task ExamineAsync_ResponseLost_ApiUnreachable()
    {
        _fixture.Simulator.LoseNextAnswer("getStateInstance");

        (await _fixture.Doctor.ExamineAsync(_fixture.PolledInstance)).Codes().Should().Equal(ApiUnreachable);
    }

    [Fact]
    public async Task ExamineAsync_Timeout_ApiUnreachable()
    {
        _fixture.Simulator.DelayNext("getStateInstance", TimeSpan.FromDays(1));
        var examining = _fixture.Doctor.ExamineAsync(_fixture.PolledInstance);
        await _fixture.Signal.WaitUntilAsync(() => _fixture.Instance.Requests.ContainsKey("getStateInstance"));

        _fixture.Time.Advance(TimeSpan.FromSeconds(10));

        (await examining).ShouldHave(ApiUnreachable, Error, "getStateInstance returned TimedOut.");
    }

    [Theory]
    [InlineData(0, "s3cret", "https://7103.api.greenapi.com", ReceiveMode.Webhook)]
    [InlineData(1, null, "https://7103.api.greenapi.com", ReceiveMode.Polling)]
    [InlineData(1, "s3cret", "ftp://7103.api.greenapi.com/s3cret", ReceiveMode.Webhook)]
    public async Task ExamineAsync_InvalidInstance_InstanceUnusable(long idInstance, string? token, string apiUrl, ReceiveMode receive)
    {
        var report = await _fixture.Doctor.ExamineAsync(
            new() { IdInstance = idInstance, ApiTokenInstance = token, ApiUrl = new(apiUrl), Receive = receive });

        report.Codes().Should().Equal(InstanceUnusable);
        report.ShouldHave(InstanceUnusable, Error, $"Instance {idInstance} cannot be used with the API. *");
        report.Findings[0].Message.Should().NotContain("s3cret");
    }

    [Fact]
    public async Task ExamineAsync_WebhookInstanceWithoutToken_SendsNoApiRequest()
    {
        var report = await _fixture.Doctor.ExamineAsync(new() { IdInstance = 1, Receive = ReceiveMode.Webhook });

        report.Codes().Should().Equal(ApiTokenMissing);
        report.ShouldHave(ApiTokenMissing, Warning);
    }

    [Theory]
    [InlineData(SimulatedState.NotAuthorized, InstanceNotAuthorized, Error)]
    [InlineData(SimulatedState.Blocked, InstanceBlocked, Error)]
    [InlineData(SimulatedState.Starting, InstanceStarting, Warning)]
    [InlineData(SimulatedState.Creating, InstanceStarting, Warning)]
    [InlineData(SimulatedState.YellowCard, InstanceSuspended, Warning)]
    [InlineData(SimulatedState.Suspended, InstanceSuspended, Warning)]
    [InlineData(SimulatedState.SleepMode, InstanceAsleep, Error)]
    [InlineData(SimulatedState.PendingPassword, InstancePasswordPending, Error)]
    public async Task ExamineAsync_InstanceState_MapsToFinding(SimulatedState state, DoctorFindingCode code, DoctorSeverity severity)
    {
        _fixture.Instance.State = state;

        var report = await _fixture.Doctor.ExamineAsync(_fixture.PolledInstance);

        report.ShouldHave(code, severity, "The state of the instance is *");
        report.Codes().Should().NotContain(InstanceAuthorized).And.Contain([ApiTokenAccepted, CallNotificationsOn]);
        _fixture.Instance.Requests.Should().NotContainKey("receiveNotification", "the gateway delivers nothing in this state");
    }

    [Fact]
    public async Task ExamineAsync_UnrecognizedState_InstanceStateUnknown()
    {
        _fixture.Simulator.FailNext("getStateInstance", 200, """{"stateInstance":"dreaming"}""");

        (await _fixture.Doctor.ExamineAsync(_fixture.PolledInstance, DoctorFixture.WithoutConsumerWatch)).ShouldHave(InstanceStateUnknown, Warning);
    }

    [Theory]
    [InlineData(-4, ClockRight, Ok, "*behind*")]
    [InlineData(15, ClockOff, Warning, "The clock of this host is 1? s ahead of the clock of the API.")]
    [InlineData(-30, ClockOff, Warning, "*behind*")]
    [InlineData(-54, ClockOff, Warning, "*behind*")]
    [InlineData(66, ClockFarOff, Error, "*6? s ahead of*")]
    [InlineData(305, ClockFarOff, Error, "*30? s ahead of*")]
    [InlineData(-7200, ClockFarOff, Error, "*behind*")]
    public async Task ExamineAsync_ClockSkew_MapsToFinding(int seconds, DoctorFindingCode code, DoctorSeverity severity, string seen)
    {
        await using var practice = await DoctorFixture.StartAsync(TimeSpan.FromSeconds(seconds));

        (await practice.Doctor.ExamineAsync(practice.PolledInstance, DoctorFixture.WithoutConsumerWatch)).ShouldHave(code, severity, seen);
    }

    [Fact]
    public async Task ExamineAsync_ResponseWithoutDate_ClockUnknown()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var account = gateway.AddInstance();
        account.Responder = (_, context) =>
        {
            context.Response.Headers.Date = "the day after tomorrow";
            return FakeGateway.SendAsync(context, 200, """{"stateInstance":"authorized"}""");
        };

        (await _fixture.Doctor.ExamineAsync(gateway.ToCallInstance(account), DoctorFixture.WithoutConsumerWatch)).ShouldHave(ClockUnknown, Info);
    }
}
