using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;
using Microsoft.AspNetCore.Http;
using static IncomingCalls.DoctorFindingCode;
using static IncomingCalls.DoctorSeverity;

namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>Whether the API can be asked, its clock, and the state of the instance.</summary>
public sealed class DoctorApiTests : IAsyncLifetime
{
    private Practice _practice = null!;

    public async Task InitializeAsync() => _practice = await Practice.OpenAsync();

    public async Task DisposeAsync() => await _practice.DisposeAsync();

    [Fact]
    public async Task ExamineAsync_AllIsWell_TokenStateAndClockAreOk()
    {
        var report = await _practice.Doctor.ExamineAsync(_practice.Polled, Practice.Quick);

        report.ShouldHave(ApiTokenAccepted, Ok, "getStateInstance was answered Ok (HTTP 200).");
        report.ShouldHave(InstanceAuthorized, Ok, "The state of the instance is Authorized.");
        report.ShouldHave(ClockRight, Ok, "The clock of this host agrees with that of the API.");
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
    public async Task ExamineAsync_ApiCannotBeAsked_SaysWhyAndAsksNoMore(int status, string body, DoctorFindingCode code, DoctorSeverity severity)
    {
        _practice.Simulator.FailNext("getStateInstance", status, body);

        var report = await _practice.Doctor.ExamineAsync(_practice.Polled);

        report.ShouldHave(code, severity, "getStateInstance was answered *");
        report.Codes().Should().BeSubsetOf([code, ClockRight]);
        _practice.Account.Requests.Keys.Should().Equal("getStateInstance");
    }

    [Theory]
    [InlineData(429, "", ApiBusy, Warning)]
    [InlineData(500, "", ApiFailing, Warning)]
    [InlineData(503, "", ApiFailing, Warning)]
    [InlineData(466, "{}", QuotaExceeded, Warning)]
    [InlineData(418, "", AnswerUnknown, Warning)]
    [InlineData(400, "instance in starting process try later", InstanceStarting, Warning)]
    [InlineData(400, "instance account not authorized", InstanceNotAuthorized, Error)]
    public async Task ExamineAsync_OneMethodFails_TheOthersAreAsked(int status, string body, DoctorFindingCode code, DoctorSeverity severity)
    {
        _practice.Simulator.FailNext("getStateInstance", status, body);
        _practice.Simulator.FailNext("getSettings", status, body);

        var report = await _practice.Doctor.ExamineAsync(_practice.Polled);

        report.ShouldHave(code, severity, "getStateInstance was answered *");
        report.Codes().Should().NotContain([ApiTokenAccepted, CallNotificationsOn]).And.Contain(QueueEmpty);
    }

    [Fact]
    public async Task ExamineAsync_WrongToken_TokenIsRefused()
    {
        _practice.Account.ApiTokenInstance = "another";

        var report = await _practice.Doctor.ExamineAsync(
            new() { IdInstance = _practice.Account.IdInstance, ApiUrl = _practice.Simulator.ApiUrl, ApiTokenInstance = "s3cret" });

        report.ShouldHave(ApiTokenRefused, Error, "getStateInstance was answered Unauthorized (HTTP 401).");
        report.Severity.Should().Be(Error);
    }

    [Fact]
    public async Task ExamineAsync_NobodyAnswers_ApiIsUnreachable()
    {
        var report = await _practice.Doctor.ExamineAsync(new() { IdInstance = 1, ApiUrl = new("http://127.0.0.1:1"), ApiTokenInstance = "s3cret" });

        report.Codes().Should().Equal(ApiUnreachable);
        report.ShouldHave(ApiUnreachable, Error, "getStateInstance was answered Unreachable (ConnectionError).");
    }

    [Fact]
    public async Task ExamineAsync_AnswerIsLost_ApiIsUnreachable()
    {
        _practice.Simulator.LoseNextAnswer("getStateInstance");

        (await _practice.Doctor.ExamineAsync(_practice.Polled)).Codes().Should().Equal(ApiUnreachable);
    }

    [Fact]
    public async Task ExamineAsync_NoAnswerInTime_ApiIsUnreachable()
    {
        _practice.Simulator.DelayNext("getStateInstance", TimeSpan.FromDays(1));
        var examining = _practice.Doctor.ExamineAsync(_practice.Polled);
        await _practice.Pulse.UntilAsync(() => _practice.Account.Requests.ContainsKey("getStateInstance"));

        _practice.Time.Advance(TimeSpan.FromSeconds(10));

        (await examining).ShouldHave(ApiUnreachable, Error, "getStateInstance was answered TimedOut.");
    }

    [Theory]
    [InlineData(0, "s3cret", "https://7103.api.greenapi.com", ReceiveMode.Webhook)]
    [InlineData(1, null, "https://7103.api.greenapi.com", ReceiveMode.Polling)]
    [InlineData(1, "s3cret", "ftp://7103.api.greenapi.com/s3cret", ReceiveMode.Webhook)]
    public async Task ExamineAsync_EntryCannotWork_SaysSo(long idInstance, string? token, string apiUrl, ReceiveMode receive)
    {
        var report = await _practice.Doctor.ExamineAsync(
            new() { IdInstance = idInstance, ApiTokenInstance = token, ApiUrl = new(apiUrl), Receive = receive });

        report.Codes().Should().Equal(InstanceUnusable);
        report.ShouldHave(InstanceUnusable, Error, $"Instance {idInstance} has *");
        report.Findings[0].Seen.Should().NotContain("s3cret");
    }

    [Fact]
    public async Task ExamineAsync_WebhookWithoutToken_TheApiIsNotAsked()
    {
        var report = await _practice.Doctor.ExamineAsync(new() { IdInstance = 1, Receive = ReceiveMode.Webhook });

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
    public async Task ExamineAsync_State_IsTold(SimulatedState state, DoctorFindingCode code, DoctorSeverity severity)
    {
        _practice.Account.State = state;

        var report = await _practice.Doctor.ExamineAsync(_practice.Polled);

        report.ShouldHave(code, severity, "The state of the instance is *");
        report.Codes().Should().NotContain(InstanceAuthorized).And.Contain([ApiTokenAccepted, CallNotificationsOn]);
        _practice.Account.Requests.Should().NotContainKey("receiveNotification", "nothing is handed out in such a state");
    }

    [Fact]
    public async Task ExamineAsync_StateOfTomorrow_IsUnknown()
    {
        _practice.Simulator.FailNext("getStateInstance", 200, """{"stateInstance":"dreaming"}""");

        (await _practice.Doctor.ExamineAsync(_practice.Polled, Practice.Quick)).ShouldHave(InstanceStateUnknown, Warning);
    }

    [Theory]
    [InlineData(-4, ClockRight, Ok, "*behind*")]
    [InlineData(15, ClockOff, Warning, "The clock of this host is 1? s ahead of that of the API.")]
    [InlineData(-30, ClockOff, Warning, "*behind*")]
    [InlineData(-54, ClockOff, Warning, "*behind*")]
    [InlineData(66, ClockFarOff, Error, "*6? s ahead of*")]
    [InlineData(305, ClockFarOff, Error, "*30? s ahead of*")]
    [InlineData(-7200, ClockFarOff, Error, "*behind*")]
    public async Task ExamineAsync_ClockOfThisHost_IsComparedWithTheApis(int seconds, DoctorFindingCode code, DoctorSeverity severity, string seen)
    {
        await using var practice = await Practice.OpenAsync(TimeSpan.FromSeconds(seconds));

        (await practice.Doctor.ExamineAsync(practice.Polled, Practice.Quick)).ShouldHave(code, severity, seen);
    }

    [Fact]
    public async Task ExamineAsync_NoDateInTheAnswer_ClockIsUnknown()
    {
        await using var gateway = await Gateway.StartAsync();
        var account = gateway.Add();
        account.Answer = (_, context) =>
        {
            context.Response.Headers.Date = "the day after tomorrow";
            return Gateway.SendAsync(context, 200, """{"stateInstance":"authorized"}""");
        };

        (await _practice.Doctor.ExamineAsync(gateway.Instance(account), Practice.Quick)).ShouldHave(ClockUnknown, Info);
    }
}
