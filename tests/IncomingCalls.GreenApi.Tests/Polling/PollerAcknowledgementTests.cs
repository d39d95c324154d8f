using IncomingCalls.GreenApi.Polling;
using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Inbox;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IncomingCalls.GreenApi.Tests.Polling;

/// <summary>The column of the poller in the acknowledgement table, with the real core.</summary>
public sealed class PollerAcknowledgementTests : IAsyncLifetime
{
    private readonly TestSignal _signal = new();
    private GreenApiSimulator _simulator = null!;
    private SimulatedInstance _instance = null!;
    private TestHost? _host;

    public async Task InitializeAsync()
    {
        _simulator = await GreenApiSimulator.StartAsync();
        _instance = _simulator.AddInstance();
    }

    public async Task DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Call_Handled_DeletedAfterHandlers()
    {
        var host = await StartAsync();
        var waitingMeanwhile = -1;
        host.Recorder.OnEvent = (_, _) =>
        {
            waitingMeanwhile = _instance.WaitingCount;
            return Task.CompletedTask;
        };

        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _instance.WaitUntilAcknowledgedAsync();

        host.Recorder.Events.Should().ContainSingle().Which.Kind.Should().Be(CallEventKind.Offered);
        waitingMeanwhile.Should().Be(1);
    }

    [Fact]
    public async Task Call_HandlerFails_StaysInQueueAndIsReceivedAgain()
    {
        var host = await StartAsync();
        host.Recorder.OnEvent = (_, _) => host.Recorder.Events.Count < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;

        var sent = _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _instance.WaitUntilAcknowledgedAsync();

        host.Recorder.Events.Should().HaveCount(3);
        sent.Deliveries.Should().HaveCount(3);
        host.LogsOf(3016).Should().HaveCount(2);
    }

    [Theory]
    [InlineData(CallScenario.OfferOnly, "pickUp")]
    [InlineData(CallScenario.Ignore, "offer")]
    public async Task Call_TrackedOrDiscarded_IsDeletedWithoutEvent(CallScenario scenario, string status)
    {
        var host = await StartAsync(calls => calls.UseScenario(scenario));

        _instance.Enqueue(NotificationJson.IncomingCall("A1", status));
        await _instance.WaitUntilAcknowledgedAsync();

        host.Recorder.Events.Should().BeEmpty();
    }

    [Fact]
    public async Task Call_PolicyThrows_StaysInQueueUntilItIsGivenUp()
    {
        var host = await StartAsync(calls =>
        {
            calls.UsePolicy<ThrowingPolicy>();
            calls.Services.Configure<IncomingCallsOptions>(options => (options.GiveUpAfter, options.GiveUpAfterRedeliveries) = (TimeSpan.Zero, 2));
        });

        var sent = _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _instance.WaitUntilAcknowledgedAsync();

        sent.Deliveries.Should().HaveCount(3);
        host.LogsOf(1006).Should().ContainSingle();

        host.Recorder.Events.Should().BeEmpty();
        host.LogsOf(1002).Should().ContainSingle().Which.Message.Should().Contain("PolicyFailed");
    }

    [Fact]
    public async Task Call_Duplicate_IsDeletedWithoutEvent()
    {
        var host = await StartAsync();

        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _instance.WaitUntilAcknowledgedAsync();

        host.Recorder.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task OtherType_NoHandler_IsDeleted()
    {
        var host = await StartAsync();

        _instance.Enqueue(NotificationJson.OtherType());
        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _instance.WaitUntilAcknowledgedAsync();

        host.Recorder.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task OtherType_HandlerFailsOnce_ReceivedAgainThenDeleted()
    {
        var host = await StartAsync(calls => calls.AddOtherNotificationHandler<RecordingHandler>());
        host.Recorder.OnOtherNotification = () => host.Recorder.OtherNotifications.Count < 2 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;

        var sent = _instance.Enqueue(NotificationJson.OtherType());
        await _instance.WaitUntilAcknowledgedAsync();

        host.Recorder.OtherNotifications.Should().Equal("outgoingMessageStatus", "outgoingMessageStatus");
        sent.Deliveries.Should().HaveCount(2);
    }

    [Theory]
    [InlineData("""{"typeWebhook":"incomingCall","status":"offer"}""")]
    [InlineData("""{"no":"type"}""")]
    [InlineData("null")]
    [InlineData("{this is not JSON")]
    public async Task Unreadable_WithReceiptId_IsQuarantinedAndDeleted(string body)
    {
        var host = await StartAsync();

        _instance.Enqueue(body);
        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _instance.WaitUntilAcknowledgedAsync();

        host.LogsOf(1002).Should().ContainSingle();
        host.Recorder.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task OtherType_LongerThanOneMiB_IsHandledAndDeleted()
    {
        var host = await StartAsync(calls => calls.AddOtherNotificationHandler<RecordingHandler>());

        _instance.Enqueue($$"""{"typeWebhook":"incomingMessageReceived","thumbnail":"{{new string('x', 2 * 1024 * 1024)}}"}""");
        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _instance.WaitUntilAcknowledgedAsync();

        host.Recorder.OtherNotifications.Should().Equal("incomingMessageReceived");
        host.Recorder.Events.Should().ContainSingle();
        host.LogsOf(1002).Should().BeEmpty();
    }

    [Fact]
    public async Task Unreadable_LongerThanOneMiB_IsQuarantinedTruncatedAndDeleted()
    {
        var host = await StartAsync();

        _instance.Enqueue($$"""{"thumbnail":"{{new string('x', 2 * 1024 * 1024)}}"}""");
        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _instance.WaitUntilAcknowledgedAsync();

        host.LogsOf(1002).Should().ContainSingle().Which.Message.Should().Contain("Truncated").And.Contain("1048576 bytes");
        host.Recorder.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task Call_UnknownInstance_IsDeletedWithoutEvent()
    {
        var host = await StartAsync();

        _instance.Enqueue(NotificationJson.IncomingCall("A1", idInstance: 1101009999));
        await _instance.WaitUntilAcknowledgedAsync();

        host.Recorder.Events.Should().BeEmpty();
        host.LogsOf(1000).Should().ContainSingle();
    }

    [Fact]
    public async Task Call_InboxUnavailable_StaysInQueueAndIsReceivedAgain()
    {
        var inbox = new FailingInbox { Failures = 2 };
        await StartAsync(calls => calls.Services.Replace(ServiceDescriptor.Singleton<ICallInbox>(inbox)));

        var call = _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        var unreadable = _instance.Enqueue("{}");
        await _instance.WaitUntilAcknowledgedAsync();

        call.Deliveries.Should().HaveCount(3);
        unreadable.Deliveries.Should().HaveCount(1);
        inbox.Accepted.Should().Be(1);
    }

    [Fact]
    public async Task Delete_ResponseLost_HandlerRunsOnce()
    {
        var host = await StartAsync();
        _simulator.LoseNextAnswer("deleteNotification");

        var sent = _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _instance.WaitUntilAcknowledgedAsync();
        _instance.Enqueue(NotificationJson.IncomingCall("A2"));
        await _instance.WaitUntilAcknowledgedAsync();

        host.Recorder.Events.Should().HaveCount(2);
        sent.Deliveries.Should().HaveCount(1);
    }

    [Theory]
    [InlineData(500, "boom")]
    [InlineData(503, "")]
    [InlineData(429, "")]
    public async Task Delete_Fails_OnlyDeleteIsRetried(int status, string body)
    {
        var host = await StartAsync();
        _simulator.FailNext("deleteNotification", status, body, times: 2);

        var sent = _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _instance.WaitUntilAcknowledgedAsync();

        host.Recorder.Events.Should().ContainSingle();
        sent.Deliveries.Should().HaveCount(1);
        _instance.Requests["deleteNotification"].Should().Be(3);
    }

    [Fact]
    public async Task Delete_ReceiptIdRejected_ReceivedAgainAsDuplicate()
    {
        var host = await StartAsync();
        _simulator.FailNext("deleteNotification", 400, "Parameter receiptId must be a Number");

        var sent = _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _instance.WaitUntilAcknowledgedAsync();

        host.Recorder.Events.Should().ContainSingle();
        sent.Deliveries.Should().HaveCount(2);
    }

    [Fact]
    public async Task Delete_NothingToDelete_ContinuesImmediately()
    {
        var host = await StartAsync();
        // The answer means that the notification is deleted already. Here it is not, so it is redelivered and recognized as a duplicate.
        _simulator.FailNext("deleteNotification", 500, "Cannot read properties of undefined (reading 'findUnAckedMessage')");

        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _instance.WaitUntilAcknowledgedAsync();

        host.Recorder.Events.Should().ContainSingle();
        host.LogsOf(3013).Should().BeEmpty();
    }

    [Fact]
    public async Task HostStops_BeforeStored_NothingIsDeleted()
    {
        var host = await StartAsync();
        var release = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, _) => release.Task;
        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await _signal.WaitUntilAsync(() => !host.Recorder.Events.IsEmpty);

        var stopping = host.StopAsync();
        await _signal.WaitUntilAsync(() => host.LogsOf(3001).Any());

        release.SetResult();
        await stopping;

        _instance.WaitingCount.Should().Be(1);
        _instance.Requests.Should().NotContainKey("deleteNotification");
    }

    [Fact]
    public async Task HostStops_DuringAccept_StaysInQueueWithoutError()
    {
        var inbox = new BlockingInbox();
        var host = await StartAsync(calls => calls.Services.Replace(ServiceDescriptor.Singleton<ICallInbox>(inbox)));
        _instance.Enqueue(NotificationJson.IncomingCall("A1"));
        await inbox.Entered.WaitAsync(TimeSpan.FromSeconds(30));

        await host.StopAsync();

        host.LogsOf(3019).Should().BeEmpty("a host that stops is no failure of a poller");
        host.LogsOf(3001).Should().ContainSingle();
        _instance.WaitingCount.Should().Be(1);
    }

    [Fact]
    public async Task HostStops_DuringDelete_DeleteCompletes()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var account = gateway.AddInstance();
        var release = new TaskCompletionSource();
        account.Responder = async (method, _) =>
        {
            await (method == "deleteNotification" ? release.Task : Task.CompletedTask);
            return false;
        };
        _host = await TestHost.StartAsync(gateway.Signal, [gateway.ToCallInstance(account)], useFakeClock: true);
        account.Enqueue(NotificationJson.IncomingCall("A1"));
        await gateway.Signal.WaitUntilAsync(() => account.Count("deleteNotification") == 1);

        var stopping = _host.StopAsync();
        while (_host.Services.GetRequiredService<PollerSet>().Running.Any())
        {
            await Task.Yield();
        }

        release.SetResult();
        await stopping;

        account.QueueLength.Should().Be(0);
    }

    private async Task<TestHost> StartAsync(Action<IIncomingCallsBuilder>? configure = null) =>
        _host = await TestHost.StartAsync(_signal, [_instance.ToCallInstance(_simulator.ApiUrl)], configure);

    private sealed class ThrowingPolicy : ICallPolicy
    {
        public CallDecision Decide(CallPolicyContext context) => throw new InvalidOperationException("no idea");
    }

    /// <summary>An inbox that blocks until the host stops, and is released inside of the cancellation callback, before other callbacks run.</summary>
    private sealed class BlockingInbox : ICallInbox
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public bool IsDurable => true;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
        {
            var result = new TaskCompletionSource<IntakeResult>();
            using var registration = cancellationToken.Register(() => result.TrySetCanceled(cancellationToken));
            _entered.SetResult();
            return await result.Task;
        }

        public ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken) => default;
    }
}
