using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;
using static IncomingCalls.DoctorFindingCode;
using static IncomingCalls.DoctorSeverity;

namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>Findings on the queue: its progress, and other consumers.</summary>
public sealed class DoctorQueueTests : IAsyncLifetime
{
    private static readonly TimeSpan WatchDuration = TimeSpan.FromSeconds(5);

    private DoctorFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await DoctorFixture.StartAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Theory]
    [InlineData(0, QueueEmpty, Ok)]
    [InlineData(2, QueueWaiting, Info)]
    [InlineData(3, QueueLong, Warning)]
    public async Task ExamineAsync_QueueLength_MapsToFinding(int waiting, DoctorFindingCode code, DoctorSeverity severity)
    {
        Enqueue(waiting);

        var report = await _fixture.Doctor.ExamineAsync(_fixture.PolledInstance, new() { LongQueueThreshold = 3, ConsumerWatchDuration = null });

        report.ShouldHave(code, severity, $"The number of waiting notifications is {waiting}.");
    }

    [Fact]
    public async Task ExamineAsync_CyrillicCount_IsRead()
    {
        await using var simulator = await GreenApiSimulator.StartAsync(options => options.CyrillicCountKey = true);
        var account = simulator.AddInstance();
        account.Enqueue(NotificationJson.OtherType());

        var report = await _fixture.Doctor.ExamineAsync(account.ToCallInstance(simulator.ApiUrl), DoctorFixture.WithoutConsumerWatch);

        report.ShouldHave(QueueWaiting, Info, "The number of waiting notifications is 1.");
    }

    [Theory]
    [InlineData(404, "")]
    [InlineData(200, "{}")]
    public async Task ExamineAsync_CountUnavailable_Info(int status, string body)
    {
        _fixture.Simulator.FailNext("getWebhooksCount", status, body);

        var report = await _fixture.Doctor.ExamineAsync(_fixture.PolledInstance, DoctorFixture.WithoutConsumerWatch);

        report.ShouldHave(QueueUnknown, Info, "getWebhooksCount returned *");
        report.Codes().Should().NotContain(ApiUrlWrong);
    }

    [Fact]
    public async Task ExamineAsync_NoOtherConsumer_ConsumerAloneAndNothingDeleted()
    {
        Enqueue(1);

        var report = await ExamineWhileAsync(() => Task.CompletedTask);

        report.ShouldHave(ConsumerAlone, Ok);
        _fixture.Instance.Requests.Should().NotContainKeys("deleteNotification", "setSettings");
        _fixture.Instance.History.Should().OnlyContain(notification => notification.AcknowledgedAt == null);
        _fixture.Instance.WaitingCount.Should().Be(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ExamineAsync_OtherConsumer_ConsumerSecond(int waiting)
    {
        Enqueue(waiting);

        var report = await ExamineWhileAsync(async () =>
        {
            var taken = await _fixture.Client.ReceiveNotificationAsync(_fixture.PolledInstance);
            await _fixture.Client.DeleteNotificationAsync(_fixture.PolledInstance, taken.Value!.ReceiptId!.Value);
            if (waiting == 1)
            {
                // The long poll of an empty queue takes five seconds.
                _fixture.Simulator.FailNext("receiveNotification", 200, "null");
            }
        });

        report.ShouldHave(ConsumerSecond, Warning);
        report.Codes().Should().NotContain(ConsumerAlone);
    }

    [Fact]
    public async Task ExamineAsync_EmptyQueue_ConsumerUnchecked()
    {
        _fixture.Simulator.FailNext("receiveNotification", 200, "null");

        (await _fixture.Doctor.ExamineAsync(_fixture.PolledInstance)).ShouldHave(ConsumerUnchecked, Info);
    }

    [Fact]
    public async Task ExamineAsync_SecondReceiveFails_FailureIsFinding()
    {
        Enqueue(1);

        var report = await ExamineWhileAsync(() =>
        {
            _fixture.Simulator.FailNext("receiveNotification", 500);
            return Task.CompletedTask;
        });

        report.ShouldHave(ApiFailing, Warning, "receiveNotification returned *");
        report.Codes().Should().NotContain([ConsumerAlone, ConsumerSecond]);
    }

    [Fact]
    public async Task ExamineAsync_ThisHostPolls_ConsumerIsThisHost()
    {
        await using var host = await TestHost.StartAsync(_fixture.Signal, [_fixture.PolledInstance]);
        await _fixture.Signal.WaitUntilAsync(() => _fixture.Instance.Requests.ContainsKey("receiveNotification"));

        var report = await host.Doctor.ExamineAsync(_fixture.PolledInstance);

        report.ShouldHave(ConsumerIsThisHost, Info);
        report.Codes().Should().NotContain([ConsumerAlone, ConsumerSecond, ConsumerUnchecked]);
    }

    [Fact]
    public async Task ExamineAsync_Cancelled_Throws()
    {
        Enqueue(1);
        using var cancel = new CancellationTokenSource();
        var examining = _fixture.Doctor.ExamineAsync(_fixture.PolledInstance, null, cancel.Token);
        await _fixture.Time.WaitForTimerAsync(WatchDuration);

        await cancel.CancelAsync();

        await examining.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    private void Enqueue(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _fixture.Instance.Enqueue(NotificationJson.OtherType(_fixture.Instance.IdInstance));
        }
    }

    private async Task<DoctorReport> ExamineWhileAsync(Func<Task> act)
    {
        var examining = _fixture.Doctor.ExamineAsync(_fixture.PolledInstance, new() { ConsumerWatchDuration = WatchDuration });
        await _fixture.Time.WaitForTimerAsync(WatchDuration);
        await act();
        _fixture.Time.Advance(WatchDuration);
        return await examining;
    }
}
