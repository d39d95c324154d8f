using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Inboxes;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IncomingCalls.GreenApi.Tests.Polling;

/// <summary>What is deleted when: the poller's column of the table of acknowledgements, with the real core.</summary>
public sealed class PollerAcknowledgementTests : IAsyncLifetime
{
    private readonly Pulse _pulse = new();
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
    public async Task Call_Handled_IsDeletedAfterTheHandlers()
    {
        var host = await StartAsync();
        var waitingMeanwhile = -1;
        host.Journal.OnEvent = (_, _) =>
        {
            waitingMeanwhile = _instance.WaitingCount;
            return Task.CompletedTask;
        };

        _instance.Enqueue(Wire.Call("A1"));
        await _instance.WaitUntilHandledAsync();

        host.Journal.Events.Should().ContainSingle().Which.Kind.Should().Be(CallEventKind.Offered);
        waitingMeanwhile.Should().Be(1);
    }

    [Fact]
    public async Task Call_HandlerFails_IsKeptAndReceivedAgain()
    {
        var host = await StartAsync();
        host.Journal.OnEvent = (_, _) => host.Journal.Events.Count < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;

        var sent = _instance.Enqueue(Wire.Call("A1"));
        await _instance.WaitUntilHandledAsync();

        host.Journal.Events.Should().HaveCount(3);
        sent.Deliveries.Should().HaveCount(3);
        host.LogsOf(3016).Should().HaveCount(2);
    }

    [Theory]
    [InlineData(CallScenario.OfferOnly, "pickUp")]
    [InlineData(CallScenario.Ignore, "offer")]
    public async Task Call_TrackedOrDiscarded_IsDeletedWithoutEvent(CallScenario scenario, string status)
    {
        var host = await StartAsync(calls => calls.UseScenario(scenario));

        _instance.Enqueue(Wire.Call("A1", status));
        await _instance.WaitUntilHandledAsync();

        host.Journal.Events.Should().BeEmpty();
    }

    [Fact]
    public async Task Call_PolicyThrows_IsDeleted()
    {
        var host = await StartAsync(calls => calls.UsePolicy<ThrowingPolicy>());

        _instance.Enqueue(Wire.Call("A1"));
        await _instance.WaitUntilHandledAsync();

        host.Journal.Events.Should().BeEmpty();
        host.LogsOf(1002).Should().ContainSingle().Which.Message.Should().Contain("PolicyFailed");
    }

    [Fact]
    public async Task Repeat_IsDeletedWithoutEvent()
    {
        var host = await StartAsync();

        _instance.Enqueue(Wire.Call("A1"));
        _instance.Enqueue(Wire.Call("A1"));
        await _instance.WaitUntilHandledAsync();

        host.Journal.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task Foreign_NoHandler_IsDeleted()
    {
        var host = await StartAsync();

        _instance.Enqueue(Wire.Foreign());
        _instance.Enqueue(Wire.Call("A1"));
        await _instance.WaitUntilHandledAsync();

        host.Journal.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task Foreign_HandlerFailsOnce_IsKeptThenDeleted()
    {
        var host = await StartAsync(calls => calls.AddForeignHandler<JournalHandler>());
        host.Journal.OnForeign = () => host.Journal.Foreign.Count < 2 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;

        var sent = _instance.Enqueue(Wire.Foreign());
        await _instance.WaitUntilHandledAsync();

        host.Journal.Foreign.Should().Equal("outgoingMessageStatus", "outgoingMessageStatus");
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
        _instance.Enqueue(Wire.Call("A1"));
        await _instance.WaitUntilHandledAsync();

        host.LogsOf(1002).Should().ContainSingle();
        host.Journal.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task LongerThanAMiB_IsQuarantinedTruncatedAndDeleted()
    {
        var host = await StartAsync();

        _instance.Enqueue($$"""{"typeWebhook":"incomingMessageReceived","thumbnail":"{{new string('x', 2 * 1024 * 1024)}}"}""");
        _instance.Enqueue(Wire.Call("A1"));
        await _instance.WaitUntilHandledAsync();

        host.LogsOf(1002).Should().ContainSingle().Which.Message.Should().Contain("Truncated").And.Contain("1048576 bytes");
        host.Journal.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task OfUnknownInstance_IsDeletedWithoutEvent()
    {
        var host = await StartAsync();

        _instance.Enqueue(Wire.Call("A1", idInstance: 1101009999));
        await _instance.WaitUntilHandledAsync();

        host.Journal.Events.Should().BeEmpty();
        host.LogsOf(1000).Should().ContainSingle();
    }

    [Fact]
    public async Task InboxUnavailable_IsKeptAndReceivedAgain()
    {
        var inbox = new FailingInbox { Failures = 2 };
        await StartAsync(calls => calls.Services.Replace(ServiceDescriptor.Singleton<ICallInbox>(inbox)));

        var call = _instance.Enqueue(Wire.Call("A1"));
        var unreadable = _instance.Enqueue("{}");
        await _instance.WaitUntilHandledAsync();

        call.Deliveries.Should().HaveCount(3);
        unreadable.Deliveries.Should().HaveCount(1);
        inbox.Accepted.Should().Be(1);
    }

    [Fact]
    public async Task Deletion_AnswerIsLost_HandlerDoesNotRunAgain()
    {
        var host = await StartAsync();
        _simulator.LoseNextAnswer("deleteNotification");

        var sent = _instance.Enqueue(Wire.Call("A1"));
        await _instance.WaitUntilHandledAsync();
        _instance.Enqueue(Wire.Call("A2"));
        await _instance.WaitUntilHandledAsync();

        host.Journal.Events.Should().HaveCount(2);
        sent.Deliveries.Should().HaveCount(1);
    }

    [Theory]
    [InlineData(500, "boom")]
    [InlineData(503, "")]
    [InlineData(429, "")]
    public async Task Deletion_Fails_OnlyTheDeletionIsRepeated(int status, string body)
    {
        var host = await StartAsync();
        _simulator.FailNext("deleteNotification", status, body, times: 2);

        var sent = _instance.Enqueue(Wire.Call("A1"));
        await _instance.WaitUntilHandledAsync();

        host.Journal.Events.Should().ContainSingle();
        sent.Deliveries.Should().HaveCount(1);
        _instance.Requests["deleteNotification"].Should().Be(3);
    }

    [Fact]
    public async Task Deletion_NumberIsRefused_ReceivedAgainAsARepeat()
    {
        var host = await StartAsync();
        _simulator.FailNext("deleteNotification", 400, "Parameter receiptId must be a Number");

        var sent = _instance.Enqueue(Wire.Call("A1"));
        await _instance.WaitUntilHandledAsync();

        host.Journal.Events.Should().ContainSingle();
        sent.Deliveries.Should().HaveCount(2);
    }

    [Fact]
    public async Task Deletion_NothingToDelete_GoesOnAtOnce()
    {
        var host = await StartAsync();
        // The text means that it is gone; here it is not, so that it comes again and is recognised.
        _simulator.FailNext("deleteNotification", 500, "Cannot read properties of undefined (reading 'findUnAckedMessage')");

        _instance.Enqueue(Wire.Call("A1"));
        await _instance.WaitUntilHandledAsync();

        host.Journal.Events.Should().ContainSingle();
        host.LogsOf(3013).Should().BeEmpty();
    }

    [Fact]
    public async Task HostStops_BeforeItIsKept_NothingIsDeleted()
    {
        var host = await StartAsync();
        var release = new TaskCompletionSource();
        host.Journal.OnEvent = (_, _) => release.Task;
        _instance.Enqueue(Wire.Call("A1"));
        await _pulse.UntilAsync(() => !host.Journal.Events.IsEmpty);

        var stopping = host.StopAsync();
        await _pulse.UntilAsync(() => host.LogsOf(3001).Any());

        release.SetResult();
        await stopping;

        _instance.WaitingCount.Should().Be(1);
        _instance.Requests.Should().NotContainKey("deleteNotification");
    }

    [Fact]
    public async Task HostStops_WhileTheInboxHasIt_IsKeptAndNoFailure()
    {
        var inbox = new PatientInbox();
        var host = await StartAsync(calls => calls.Services.Replace(ServiceDescriptor.Singleton<ICallInbox>(inbox)));
        _instance.Enqueue(Wire.Call("A1"));
        await inbox.Entered.WaitAsync(TimeSpan.FromSeconds(30));

        await host.StopAsync();

        host.LogsOf(3019).Should().BeEmpty("a host that stops is no failure of a poller");
        host.LogsOf(3001).Should().ContainSingle();
        _instance.WaitingCount.Should().Be(1);
    }

    [Fact]
    public async Task HostStops_WhileDeleting_TheDeletionIsFinished()
    {
        await using var gateway = await Gateway.StartAsync();
        var account = gateway.Add();
        var release = new TaskCompletionSource();
        account.Answer = async (method, _) =>
        {
            await (method == "deleteNotification" ? release.Task : Task.CompletedTask);
            return false;
        };
        _host = await TestHost.StartAsync(gateway.Pulse, [gateway.Instance(account)], standStill: true);
        account.Enqueue(Wire.Call("A1"));
        await gateway.Pulse.UntilAsync(() => account.Count("deleteNotification") == 1);

        var stopping = _host.StopAsync();
        while (_host.Services.GetRequiredService<PollerSet>().Running.Any())
        {
            await Task.Yield();
        }

        release.SetResult();
        await stopping;

        account.Queued.Should().Be(0);
    }

    private async Task<TestHost> StartAsync(Action<IIncomingCallsBuilder>? configure = null) =>
        _host = await TestHost.StartAsync(_pulse, [_instance.ToCallInstance(_simulator.ApiUrl)], configure);

    private sealed class ThrowingPolicy : ICallPolicy
    {
        public CallDecision Decide(CallPolicyContext context) => throw new InvalidOperationException("no idea");
    }

    /// <summary>Takes its time until the host stops, and lets go within the very signal, before others have heard of it.</summary>
    private sealed class PatientInbox : ICallInbox
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public bool IsDurable => true;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
        {
            var end = new TaskCompletionSource<IntakeResult>();
            using var registration = cancellationToken.Register(() => end.TrySetCanceled(cancellationToken));
            _entered.SetResult();
            return await end.Task;
        }

        public ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken) => default;
    }
}
