using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;
using static IncomingCalls.DoctorFindingCode;
using static IncomingCalls.DoctorSeverity;

namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>Whether the queue moves, and who takes from it.</summary>
public sealed class DoctorQueueTests : IAsyncLifetime
{
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(5);

    private Practice _practice = null!;

    public async Task InitializeAsync() => _practice = await Practice.OpenAsync();

    public async Task DisposeAsync() => await _practice.DisposeAsync();

    [Theory]
    [InlineData(0, QueueEmpty, Ok)]
    [InlineData(2, QueueWaiting, Info)]
    [InlineData(3, QueueLong, Warning)]
    public async Task ExamineAsync_Queue_IsCounted(int waiting, DoctorFindingCode code, DoctorSeverity severity)
    {
        Enqueue(waiting);

        var report = await _practice.Doctor.ExamineAsync(_practice.Polled, new() { LongQueue = 3, ConsumerWatch = null });

        report.ShouldHave(code, severity, $"Waiting notifications: {waiting}.");
    }

    [Fact]
    public async Task ExamineAsync_CyrillicCount_IsRead()
    {
        await using var simulator = await GreenApiSimulator.StartAsync(options => options.CyrillicCountKey = true);
        var account = simulator.AddInstance();
        account.Enqueue(Wire.Foreign());

        var report = await _practice.Doctor.ExamineAsync(account.ToCallInstance(simulator.ApiUrl), Practice.Quick);

        report.ShouldHave(QueueWaiting, Info, "Waiting notifications: 1.");
    }

    [Theory]
    [InlineData(404, "")]
    [InlineData(200, "{}")]
    public async Task ExamineAsync_ServerCannotCount_Info(int status, string body)
    {
        _practice.Simulator.FailNext("getWebhooksCount", status, body);

        var report = await _practice.Doctor.ExamineAsync(_practice.Polled, Practice.Quick);

        report.ShouldHave(QueueUnknown, Info, "getWebhooksCount was answered *");
        report.Codes().Should().NotContain(ApiUrlWrong);
    }

    [Fact]
    public async Task ExamineAsync_NobodyElseTakes_AloneAndNothingIsLost()
    {
        Enqueue(1);

        var report = await ExamineWhileAsync(() => Task.CompletedTask);

        report.ShouldHave(ConsumerAlone, Ok);
        _practice.Account.Requests.Should().NotContainKeys("deleteNotification", "setSettings");
        _practice.Account.History.Should().OnlyContain(notification => notification.AcknowledgedAt == null);
        _practice.Account.WaitingCount.Should().Be(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ExamineAsync_SomebodyElseTakes_SecondConsumer(int waiting)
    {
        Enqueue(waiting);

        var report = await ExamineWhileAsync(async () =>
        {
            var taken = await _practice.Client.ReceiveNotificationAsync(_practice.Polled);
            await _practice.Client.DeleteNotificationAsync(_practice.Polled, taken.Value!.ReceiptId!.Value);
            if (waiting == 1)
            {
                // The long poll of an empty queue would last five seconds.
                _practice.Simulator.FailNext("receiveNotification", 200, "null");
            }
        });

        report.ShouldHave(ConsumerSecond, Warning);
        report.Codes().Should().NotContain(ConsumerAlone);
    }

    [Fact]
    public async Task ExamineAsync_NothingWaits_NobodyCanBeSeen()
    {
        _practice.Simulator.FailNext("receiveNotification", 200, "null");

        (await _practice.Doctor.ExamineAsync(_practice.Polled)).ShouldHave(ConsumerUnseen, Info);
    }

    [Fact]
    public async Task ExamineAsync_SecondLookFails_FailureIsAFinding()
    {
        Enqueue(1);

        var report = await ExamineWhileAsync(() =>
        {
            _practice.Simulator.FailNext("receiveNotification", 500);
            return Task.CompletedTask;
        });

        report.ShouldHave(ApiFailing, Warning, "receiveNotification was answered *");
        report.Codes().Should().NotContain([ConsumerAlone, ConsumerSecond]);
    }

    [Fact]
    public async Task ExamineAsync_ThisHostPolls_ItsPollerIsNotTakenForAnother()
    {
        await using var host = await TestHost.StartAsync(_practice.Pulse, [_practice.Polled]);
        await _practice.Pulse.UntilAsync(() => _practice.Account.Requests.ContainsKey("receiveNotification"));

        var report = await host.Doctor.ExamineAsync(_practice.Polled);

        report.ShouldHave(ConsumerIsThisHost, Info);
        report.Codes().Should().NotContain([ConsumerAlone, ConsumerSecond, ConsumerUnseen]);
    }

    [Fact]
    public async Task ExamineAsync_Cancelled_Throws()
    {
        Enqueue(1);
        using var cancel = new CancellationTokenSource();
        var examining = _practice.Doctor.ExamineAsync(_practice.Polled, null, cancel.Token);
        await _practice.Time.ArmedAsync(Watch);

        await cancel.CancelAsync();

        await examining.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    private void Enqueue(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _practice.Account.Enqueue(Wire.Foreign(_practice.Account.IdInstance));
        }
    }

    private async Task<DoctorReport> ExamineWhileAsync(Func<Task> act)
    {
        var examining = _practice.Doctor.ExamineAsync(_practice.Polled, new() { ConsumerWatch = Watch });
        await _practice.Time.ArmedAsync(Watch);
        await act();
        _practice.Time.Advance(Watch);
        return await examining;
    }
}
