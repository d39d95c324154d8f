using System.Net;
using System.Net.Sockets;
using System.Text;
using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;
using static IncomingCalls.DoctorFindingCode;

namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>The whole examination: it needs no host, does not throw for network errors, and reveals no secrets.</summary>
public sealed class CallDoctorTests
{
    [Fact]
    public async Task ExamineAsync_WithoutHost_Works()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var account = simulator.AddInstance();
        using var client = GreenApiClient.Create();

        var report = await new CallDoctor(client).ExamineAsync(account.ToCallInstance(simulator.ApiUrl), DoctorFixture.WithoutConsumerWatch);

        report.IdInstance.Should().Be(account.IdInstance);
        report.ExaminedAt.Should().BeCloseTo(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
        report.Severity.Should().Be(DoctorSeverity.Ok);
        report.Codes().Should().Equal(ClockRight, ApiTokenAccepted, InstanceAuthorized, CallNotificationsOn, LidModeOff, PollingPossible, QueueEmpty);
    }

    [Fact]
    public async Task ExamineAllAsync_HostInstances_ReportsInSameOrder()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var (well, off) = (simulator.AddInstance(), simulator.AddInstance(options => options.Wid = "70000000002@c.us"));
        off.Settings.IncomingCallWebhook = false;
        CallInstance[] instances =
        [
            off.ToCallInstance(simulator.ApiUrl, ReceiveMode.Webhook),
            well.ToCallInstance(simulator.ApiUrl),
            new() { IdInstance = 3, ApiUrl = new("http://127.0.0.1:1"), ApiTokenInstance = "s3cret" },
        ];
        await using var host = await TestHost.StartAsync(new(), instances);

        var reports = await host.Doctor.ExamineAllAsync(instances, DoctorFixture.WithoutConsumerWatch);

        reports.Select(report => report.IdInstance).Should().Equal(off.IdInstance, well.IdInstance, 3);
        reports[0].Codes().Should().Contain([CallNotificationsOff, WebhookUrlMissing]);
        reports[1].Severity.Should().Be(DoctorSeverity.Ok);
        reports[2].Codes().Should().Equal(ApiUnreachable);
    }

    [Fact]
    public async Task ExamineAllAsync_OneAccountOnTwoInstances_BothReportTheOther()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var (first, other, second) = (simulator.AddInstance(), simulator.AddInstance(options => options.Wid = "70000000002@c.us"), simulator.AddInstance());
        using var client = GreenApiClient.Create();

        var reports = await new CallDoctor(client).ExamineAllAsync(
            new[] { first, other, second }.Select(instance => instance.ToCallInstance(simulator.ApiUrl)), DoctorFixture.WithoutConsumerWatch);

        reports[0].ShouldHave(AccountOnSeveralInstances, DoctorSeverity.Warning, $"The account of instance {first.IdInstance} is also that of instance {second.IdInstance}.");
        reports[1].Severity.Should().Be(DoctorSeverity.Ok);
        reports[2].ShouldHave(AccountOnSeveralInstances, DoctorSeverity.Warning, $"The account of instance {second.IdInstance} is also that of instance {first.IdInstance}.");
        reports.SelectMany(report => report.Findings).Should().NotContain(finding => finding.ToString().Contains("70000000001"), "a finding contains no phone number");
    }

    [Fact]
    public async Task ExamineAllAsync_InstancesWithoutAccount_AreNotTheSame()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        SimulatedInstance[] instances = [simulator.AddInstance(options => options.Wid = ""), simulator.AddInstance(options => options.Wid = "")];
        using var client = GreenApiClient.Create();

        var reports = await new CallDoctor(client).ExamineAllAsync(
            instances.Select(instance => instance.ToCallInstance(simulator.ApiUrl)), DoctorFixture.WithoutConsumerWatch);

        reports.SelectMany(DoctorReportAssertions.Codes).Should().NotContain(AccountOnSeveralInstances);
    }

    [Fact]
    public async Task ExamineAllAsync_NoInstances_NoReports()
    {
        using var client = GreenApiClient.Create();

        (await new CallDoctor(client).ExamineAllAsync([])).Should().BeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("good morning\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nDate: yesterday\r\nContent-Length: 100\r\n\r\n{")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 999 \u00ff\u00fe\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: ;;;\r\nContent-Encoding: x\r\nContent-Length: 2\r\n\r\n\u00ff\u00fe")]
    public async Task ExamineAsync_MalformedHttpResponse_IsFinding(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = SendMalformedResponseAsync(listener, Encoding.Latin1.GetBytes(answer));
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/s3cret");
        using var client = GreenApiClient.Create();

        var report = await new CallDoctor(client).ExamineAsync(
            new() { IdInstance = 1, ApiUrl = url, ApiTokenInstance = "s3cret" }, new() { WebhookUrl = url, WebhookToken = "s3cret" });
        listener.Stop();
        await serving;

        report.Severity.Should().BeOneOf(DoctorSeverity.Error, DoctorSeverity.Warning);
        report.Findings.Select(finding => finding.ToString()).Should().NotContain(text => text.Contains("s3cret"));
    }

    [Fact]
    public async Task ExamineAsync_SecretsInAllInputs_NoneInFindings()
    {
        await using var practice = await DoctorFixture.StartAsync();
        practice.Instance.SetWebhook(new("http://s3cret:s3cret@127.0.0.1:1/s3cret?token=s3cret"), "Bearer s3cret");
        practice.Instance.Settings.IncomingCallWebhook = false;
        DoctorOptions[] ways =
        [
            new() { WebhookUrl = new("http://s3cret:s3cret@127.0.0.1:2/s3cret?token=s3cret"), WebhookToken = "s3cret-too" },
            new() { WebhookUrl = new(practice.Simulator.ApiUrl, "s3cret?token=s3cret"), WebhookToken = "Bearer s3cret" },
        ];

        var findings = new List<DoctorFinding>();
        foreach (var instance in new[] { practice.PolledInstance, practice.WebhookInstance })
        {
            foreach (var way in ways)
            {
                findings.AddRange((await practice.Doctor.ExamineAsync(instance, way)).Findings);
            }
        }

        findings.Select(finding => finding.Code).Should().Contain([PollingBlocked, WebhookUrlMismatch, WebhookTokenMismatch, WebhookUnreachable, WebhookNotFound]);
        findings.Select(finding => finding.ToString()).Should().NotContain(text => text.Contains("s3cret") || text.Contains("waInstance"));
    }

    [Fact]
    public async Task ExamineAsync_InvalidOptions_ThrowsWithoutValues()
    {
        using var client = GreenApiClient.Create();
        var doctor = new CallDoctor(client);
        DoctorOptions[] broken =
        [
            new() { WebhookUrl = new("ftp://127.0.0.1/s3cret") },
            new() { WebhookUrl = new("/s3cret", UriKind.Relative) },
            new() { WebhookToken = "s3cret\r\nX: y" },
            new() { LongQueueThreshold = 0 },
            new() { ClockTolerance = TimeSpan.FromSeconds(1) },
            new() { ClockTolerance = TimeSpan.FromDays(60) },
            new() { ConsumerWatchDuration = TimeSpan.FromDays(60) },
            new() { ConsumerWatchDuration = TimeSpan.FromSeconds(-1) },
        ];

        foreach (var options in broken)
        {
            var thrown = await doctor.Awaiting(it => it.ExamineAsync(new() { IdInstance = 1 }, options)).Should().ThrowAsync<ArgumentException>();
            thrown.Which.ParamName.Should().Be("options");
            thrown.Which.Message.Should().NotContain("s3cret");
        }
    }

    [Fact]
    public void DoctorFinding_ToString_HasAllParts()
    {
        new DoctorFinding(ApiTokenAccepted, "Seen.").ToString().Should().Be("Ok ApiTokenAccepted: Seen.");
        new DoctorFinding(ClockOff, "Seen.").ToString().Should().Be("Warning ClockOff: Seen. Synchronize the clock of this host (NTP).");
    }

    [Fact]
    public void DoctorReport_Severity_IsMaxOfFindings()
    {
        Report().Severity.Should().Be(DoctorSeverity.Ok);
        Report(LidModeOn, ApiTokenAccepted).Severity.Should().Be(DoctorSeverity.Info);
        Report(LidModeOn, CallNotificationsOff, ClockOff).Severity.Should().Be(DoctorSeverity.Error);

        static DoctorReport Report(params DoctorFindingCode[] codes) =>
            new() { IdInstance = 1, ExaminedAt = default, Findings = [.. codes.Select(code => new DoctorFinding(code, "Seen."))] };
    }

    private static async Task SendMalformedResponseAsync(TcpListener listener, byte[] answer)
    {
        while (true)
        {
            try
            {
                using var connection = await listener.AcceptTcpClientAsync();
                // Read first, since closing with unread bytes would reset the connection before the answer is received.
                _ = await connection.GetStream().ReadAsync(new byte[16 * 1024]);
                await connection.GetStream().WriteAsync(answer);
            }
            catch (IOException)
            {
                // The client closed the connection.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The listener was stopped at the end of the test.
                return;
            }
        }
    }
}
