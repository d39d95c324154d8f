using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Queue;

public sealed class WaitUntilAcknowledgedTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);

    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public void Wait_EmptyQueue_CompletesAtOnce()
    {
        _gateway.Instance.WaitUntilAcknowledgedAsync().IsCompletedSuccessfully.Should().BeTrue();
        _gateway.Simulator.WaitUntilAcknowledgedAsync().IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public async Task Wait_Deleted_Completes()
    {
        _gateway.Instance.Enqueue("1");
        var wait = _gateway.Instance.WaitUntilAcknowledgedAsync();
        wait.IsCompleted.Should().BeFalse();

        await _gateway.ReceiveHeadAsync();
        await _gateway.TryDeleteAsync(1);

        await wait;
    }

    [Fact]
    public async Task Wait_OnTheSimulator_CoversEveryInstance()
    {
        _gateway.Simulator.AddInstance();
        var last = _gateway.Simulator.AddInstance();
        last.Enqueue("1");

        var wait = _gateway.Simulator.WaitUntilAcknowledgedAsync();
        wait.IsCompleted.Should().BeFalse();
        _gateway.Simulator.RemoveInstance(last.IdInstance);

        await wait;
    }

    [Fact]
    public async Task Wait_HeldNotification_DoesNotComplete()
    {
        _gateway.Instance.Hold();
        _gateway.Instance.Enqueue("1");
        var wait = _gateway.Instance.WaitUntilAcknowledgedAsync();
        wait.IsCompleted.Should().BeFalse();

        _gateway.Instance.Release(_ => []);

        await wait;
    }

    [Fact]
    public async Task Wait_EnqueuedMeanwhile_CoversIt()
    {
        _gateway.Instance.Enqueue("1");
        var wait = _gateway.Instance.WaitUntilAcknowledgedAsync();
        await _gateway.ReceiveHeadAsync();
        _gateway.Instance.Enqueue("2");
        await _gateway.TryDeleteAsync(1);
        wait.IsCompleted.Should().BeFalse();

        await _gateway.ReceiveHeadAsync();
        await _gateway.TryDeleteAsync(2);

        await wait;
    }

    [Fact]
    public async Task Wait_TimesOut_ReportsTypesAndCountsWithoutPhoneNumbers()
    {
        _gateway.Instance.PlaceCall("70000000101@c.us").Ring().Decline();
        _gateway.Instance.Enqueue("broken");
        await _gateway.ReceiveHeadAsync();
        await _gateway.ReceiveHeadAsync();
        _gateway.Simulator.AddInstance().SendMessage("70000000102@c.us", "hello");

        var wait = await _gateway.Simulator.Invoking(one => one.WaitUntilAcknowledgedAsync(Soon)).Should().ThrowAsync<TimeoutException>();

        wait.Which.Message.Should()
            .Contain("Instance 1101000001 has 2 incomingCall, 1 unreadable in its queue; the first notification was delivered 2 times")
            .And.Contain("Instance 1101000002 has 1 incomingMessageReceived in its queue")
            .And.NotContain("7000000");
    }

    [Fact]
    public async Task Wait_Cancelled_ThrowsOperationCanceled()
    {
        _gateway.Instance.Enqueue("1");
        using var cancelled = new CancellationTokenSource();
        var wait = _gateway.Instance.WaitUntilAcknowledgedAsync(cancellationToken: cancelled.Token);

        await cancelled.CancelAsync();

        await wait.Invoking(one => one).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Wait_Expired_Completes()
    {
        _gateway.Instance.Enqueue("1");
        var wait = _gateway.Instance.WaitUntilAcknowledgedAsync();

        _gateway.Clock.Advance(TimeSpan.FromHours(25));
        _gateway.Instance.WaitingCount.Should().Be(0);

        await wait;
    }
}
