using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.InMemory;

/// <summary>When the in-memory inbox acknowledges: once every delivery of the event, except alerts, is settled.</summary>
public class InMemoryAcknowledgementTests
{
    [Fact]
    public async Task AcceptAsync_SeveralHandlers_CompletesWhenAllAreSettled()
    {
        var slow = new ControlledHandler();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(slow);
            builder.AddHandler<ControlledHandler>().AddHandler<RecordingHandler>().AddChatRecorder<RecordingChatRecorder>();
        });
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("offer"), TestNotifications.CreateCall("pickUp"));

        var sending = gateway.SendAsync();
        await slow.WaitForAttemptsAsync(1);
        await host.Recorder.WaitForLinesAsync(1);
        sending.IsCompleted.Should().BeFalse("one handler is still running");
        slow.Release.SetResult();

        (await sending).Should().Be("Stored");
        await gateway.DrainAsync();
        gateway.Answers.Should().Equal("A/offer Stored", "A/pickUp Stored");
    }

    [Fact]
    public async Task AcceptAsync_DeliveryInProgress_DuplicateAwaitsItsResult()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        var go = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, _) => new(go.Task);

        var first = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        var second = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        await host.Recorder.WaitForAttemptsAsync(1);
        (first.IsCompleted, second.IsCompleted).Should().Be((false, false));
        go.SetResult();

        (await first).Outcome.Should().Be(IntakeOutcome.Stored);
        (await second).Outcome.Should().Be(IntakeOutcome.Stored);
        host.Recorder.Lines.Should().HaveCount(1);
    }

    [Fact]
    public async Task AcceptAsync_DeliveryInProgressFails_DuplicateFailsToo()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(options => options.RetryDelays = []));
        var go = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, _) => new(go.Task);

        Task[] both = [.. Enumerable.Range(0, 2).Select(_ => host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask())];
        await host.Recorder.WaitForAttemptsAsync(1);
        go.SetException(new InvalidOperationException("the CRM is down"));

        foreach (var accepting in both)
        {
            await FluentActions.Awaiting(() => accepting).Should().ThrowAsync<CallInboxUnavailableException>();
        }

        host.Recorder.Attempts.Values.Should().Equal(1);
    }

    [Fact]
    public async Task AcceptAsync_ClientDisconnects_HandlerContinuesAndTheRedeliveryAwaitsIt()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        var go = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, cancellationToken) => new(go.Task.WaitAsync(cancellationToken));
        using var client = new CancellationTokenSource();

        var first = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"), client.Token).AsTask();
        await client.CancelAsync();
        await FluentActions.Awaiting(() => first).Should().ThrowAsync<OperationCanceledException>();
        var resent = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        go.SetResult();

        (await resent).ShouldAcknowledge.Should().BeTrue();
        host.Recorder.Attempts.Values.Should().Equal(1);
    }

    [Fact]
    public async Task AcceptAsync_NotifierHangs_DelaysNothing()
    {
        var notifier = new HangingNotifier();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(notifier);
            builder.AddOperatorNotifier<HangingNotifier>().AddHandler<RecordingHandler>().AddChatRecorder<RecordingChatRecorder>(options => options.WaitForCallerName = false);
        });
        var gateway = new TestGateway(host).Enqueue(Enumerable.Range(0, 40).Select(call => TestNotifications.CreateCall("offer", $"{call}")));
        await gateway.DrainAsync();
        // An alert of a call that has ended before the alert starts is not raised.
        await notifier.WaitForAlertsAsync(40);

        await gateway.Enqueue(Enumerable.Range(0, 40).Select(call => TestNotifications.CreateCall("declined", $"{call}"))).DrainAsync();

        gateway.Answers.Should().HaveCount(80).And.OnlyContain(answer => answer.EndsWith(" Stored"));
        host.Recorder.Lines.Should().HaveCount(160, "a handler and a recorder have handled each event");
        host.Clock.GetUtcNow().Should().Be(TestHost.Now, "nothing was awaited");
        notifier.Release.SetResult();
    }

    [Fact]
    public async Task AcceptAsync_RedeliveryWhileOnlyTheNotifierHangs_IsAcknowledgedAtOnce()
    {
        var notifier = new HangingNotifier();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(notifier);
            builder.AddOperatorNotifier<HangingNotifier>().AddHandler<RecordingHandler>();
        });
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"))).ShouldAcknowledge.Should().BeTrue();

        host.Recorder.Lines.Should().Equal("Offered");
        notifier.Release.SetResult();
    }

    [Fact]
    public async Task AcceptAsync_HandlerHangs_IsCancelledAtItsTimeout()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(o => (o.Timeout, o.RetryDelays) = (TimeSpan.FromSeconds(5), [])));
        host.Recorder.OnEvent = (_, cancellationToken) => new(Task.Delay(Timeout.Infinite, cancellationToken));

        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        await host.Recorder.WaitForAttemptsAsync(1);
        host.Clock.Advance(TimeSpan.FromSeconds(5));

        await FluentActions.Awaiting(() => accepting.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<CallInboxUnavailableException>();
    }

    [Fact]
    public async Task AcceptAsync_HandlerIgnoresCancellation_IsAbandoned()
    {
        var hanging = new ControlledHandler();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(hanging);
            builder.AddHandler<ControlledHandler>(o => (o.Timeout, o.RetryDelays) = (TimeSpan.FromSeconds(5), []));
        });

        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        await hanging.WaitForAttemptsAsync(1);

        await FluentActions.Awaiting(() => host.AdvanceUntilAsync(accepting, TimeSpan.FromSeconds(1))).Should().ThrowAsync<CallInboxUnavailableException>();
        hanging.Release.SetException(new InvalidOperationException("late"));
    }

    [Fact]
    public async Task AcceptAsync_HandlerHangsBeyondTheAcknowledgementTimeout_IsNotAcknowledgedAndContinues()
    {
        await using var host = await TestHost.StartAsync(
            builder => builder.AddHandler<RecordingHandler>(options => options.Timeout = TimeSpan.FromMinutes(5)),
            options => options.AcknowledgementTimeout = TimeSpan.FromSeconds(60));
        var go = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, _) => new(go.Task);
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"));

        var first = gateway.SendAsync();
        await host.Recorder.WaitForAttemptsAsync(1);
        host.Clock.Advance(TimeSpan.FromSeconds(59));
        first.IsCompleted.Should().BeFalse();
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await first).Should().Be("503");
        var second = gateway.SendAsync();
        go.SetResult();

        (await second).Should().Be("Stored");
        host.Recorder.Attempts.Values.Should().Equal(1);
    }

    [Fact]
    public async Task AcceptAsync_HandlerCannotBeConstructed_FailsAloneAndIsNamed()
    {
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddScoped<UnconstructibleHandler>(_ => throw new InvalidOperationException("no connection string"));
            builder.AddHandler<UnconstructibleHandler>(options => (options.Name, options.RetryDelays) = ("crm", [])).AddHandler<RecordingHandler>();
        });

        var failure = await FluentActions.Awaiting(() => host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask())
            .Should().ThrowAsync<CallInboxUnavailableException>();

        failure.Which.Message.Should().Contain("crm");
        await host.WaitUntilIdleAsync();
        host.Recorder.Lines.Should().Equal("Missed");
    }

    [Fact]
    public async Task AcceptAsync_Acknowledged_LeavesNoTimer()
    {
        var time = new TimerCountingTimeProvider();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(time);
            builder.AddHandler<RecordingHandler>();
        });
        var before = time.ActiveTimers;

        for (var call = 0; call < 50; call++)
        {
            await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", $"{call}"));
        }

        await host.WaitUntilIdleAsync();
        time.ActiveTimers.Should().BeLessThan(before + 10, "a timer that runs for the rest of the timeout would stay in memory for two minutes; those of the last calls may be disposed just now");
    }

    private sealed class UnconstructibleHandler : ICallEventHandler
    {
        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
