using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.Dispatch;

public class AttemptRunnerTests
{
    [Fact]
    public async Task RunAsync_HandlerNotRegistered_FailsWithAHint()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("crm"));
        var call = CreateCall("A", "removed");

        var report = await GetRunner(host).RunAsync(() => call, call.GetLanes()[0].Next!, CancellationToken.None);

        report.Outcome.Should().Be(AttemptOutcome.Failed);
        report.Error.Should().StartWith("HandlerNotRegistered");
    }

    [Fact]
    public async Task RunAsync_HandlerFails_ReportsTheMaskedErrorAndTheRequestedDelay()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("crm"));
        host.Recorder.OnEvent = (_, _) => throw new CallEventRetryException(TimeSpan.FromSeconds(7), message: "12345 67890 is busy");
        var call = CreateCall("A", "crm");

        var report = await GetRunner(host).RunAsync(() => call, call.GetLanes()[0].Next!, CancellationToken.None);

        (report.Outcome, report.RetryAfter).Should().Be((AttemptOutcome.Failed, TimeSpan.FromSeconds(7)));
        report.Error.Should().Be("CallEventRetryException: ••• is busy");
    }

    [Fact]
    public async Task DrainAsync_AttemptWaitsForASlot_IsCancelledAndTheRunningOneIsAwaited()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("crm"), options => options.MaxConcurrentAttemptsPerInstance = 1);
        var go = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, _) => new(go.Task);
        var runner = GetRunner(host);
        var reports = new List<AttemptReport>();
        var first = CreateCall("A", "crm");
        runner.Start(() => first, first.GetLanes()[0].Next!, reports.Add);
        await host.Recorder.WaitForAttemptsAsync(1);
        var second = CreateCall("B", "crm");
        var waiting = runner.RunAsync(() => second, second.GetLanes()[0].Next!, CancellationToken.None).AsTask();
        waiting.IsCompleted.Should().BeFalse();

        var draining = runner.DrainAsync(CancellationToken.None);

        await FluentActions.Awaiting(() => waiting.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<OperationCanceledException>();
        draining.IsCompleted.Should().BeFalse();
        go.SetResult();
        await draining.WaitAsync(TimeSpan.FromSeconds(10));
        reports.Should().ContainSingle().Which.Outcome.Should().Be(AttemptOutcome.Succeeded);
    }

    [Fact]
    public async Task DrainAsync_ShutdownTimeoutElapsed_CancelsTheRunningAttemptsWhichAreNotReported()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("crm"));
        host.Recorder.OnEvent = (_, cancellationToken) => new(Task.Delay(Timeout.Infinite, cancellationToken));
        var runner = GetRunner(host);
        var reports = new List<AttemptReport>();
        var call = CreateCall("A", "crm");
        runner.Start(() => call, call.GetLanes()[0].Next!, reports.Add);
        await host.Recorder.WaitForAttemptsAsync(1);
        using var shutdown = new CancellationTokenSource();

        var draining = runner.DrainAsync(shutdown.Token);
        await shutdown.CancelAsync();

        await draining.WaitAsync(TimeSpan.FromSeconds(10));
        reports.Should().BeEmpty("the attempt is repeated after the next start");
        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 1044);
        runner.InFlight.Should().Be(0);
    }

    [Fact]
    public async Task DrainAsync_AttemptIgnoresItsCancellation_EndsAfterTwoSeconds()
    {
        var hanging = new ControlledHandler();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(hanging);
            builder.AddHandler<ControlledHandler>("crm");
        });
        var runner = GetRunner(host);
        var call = CreateCall("A", "crm");
        runner.Start(() => call, call.GetLanes()[0].Next!, _ => { });
        await hanging.WaitForAttemptsAsync(1);

        await host.AdvanceUntilAsync(runner.DrainAsync(new CancellationToken(canceled: true)), TimeSpan.FromMilliseconds(100));
        runner.InFlight.Should().Be(1);
        hanging.Release.SetResult();
    }

    [Fact]
    public async Task DrainAsync_HandlerReportsTheCancellationInItsOwnWay_AttemptIsNotReported()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("crm"));
        host.Recorder.OnEvent = static async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new InvalidOperationException("The command was cancelled by the user.");
        };
        var runner = GetRunner(host);
        var reports = new List<AttemptReport>();
        var call = CreateCall("A", "crm");
        runner.Start(() => call, call.GetLanes()[0].Next!, reports.Add);
        await host.Recorder.WaitForAttemptsAsync(1);
        using var shutdown = new CancellationTokenSource();

        var draining = runner.DrainAsync(shutdown.Token);
        await shutdown.CancelAsync();

        await draining.WaitAsync(TimeSpan.FromSeconds(10));
        reports.Should().BeEmpty("an attempt that the host has cancelled does not count");
        host.Logs.GetSnapshot().Should().NotContain(record => record.Id.Id == 1050);
    }

    [Fact]
    public async Task DrainAsync_CancellationCallbackThrows_Completes()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("crm"));
        host.Recorder.OnEvent = static async (_, cancellationToken) =>
        {
            await using var registration = cancellationToken.Register(static () => throw new InvalidOperationException());
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        var runner = GetRunner(host);
        var call = CreateCall("A", "crm");
        runner.Start(() => call, call.GetLanes()[0].Next!, static _ => { });
        await host.Recorder.WaitForAttemptsAsync(1);
        using var shutdown = new CancellationTokenSource();

        var draining = runner.DrainAsync(shutdown.Token);
        await shutdown.CancelAsync();

        await FluentActions.Awaiting(() => draining.WaitAsync(TimeSpan.FromSeconds(10))).Should().NotThrowAsync();
    }

    [Fact]
    public async Task Start_DrainHasBegun_StartsNothing()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("crm"));
        var runner = GetRunner(host);
        var call = CreateCall("A", "crm");
        await runner.DrainAsync(CancellationToken.None);

        runner.Start(() => call, call.GetLanes()[0].Next!, static _ => { });
        await runner.WaitUntilIdleAsync();

        host.Recorder.Events.Should().BeEmpty("the store closes when the drain has ended, and could not settle the delivery");
    }

    [Fact]
    public async Task RunAsync_HandlerRequestsTheLongestDelay_IsShortenedTo30Days()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("crm"));
        host.Recorder.OnEvent = (_, _) => throw new CallEventRetryException(TimeSpan.MaxValue);
        var call = CreateCall("A", "crm");

        var report = await GetRunner(host).RunAsync(() => call, call.GetLanes()[0].Next!, CancellationToken.None);

        host.Services.GetRequiredService<CallTransitions>().Settle(call, report).State.PendingEvents[0].Deliveries[0].DueAt
            .Should().Be(TestHost.Now.AddDays(30), "a delay that is too long for the calendar must not prevent the settlement");
    }

    private static AttemptRunner GetRunner(TestHost host) => host.Services.GetRequiredService<AttemptRunner>();

    private static CallState CreateCall(string id, string handler)
    {
        var key = new CallKey(1101000001, id);
        var stored = new StoredCallEvent
        {
            Id = $"{key}/Missed",
            Call = key,
            Kind = CallEventKind.Missed,
            Notification = TestNotifications.CreateCall("declined", id),
            Decision = CallDecision.Handle(),
            OccurredAt = TestHost.Now,
            ReceivedAt = TestHost.Now,
        };
        return new()
        {
            History = new CallHistory { Key = key, FirstReceivedAt = TestHost.Now },
            PendingEvents = [new() { Event = stored, Deliveries = [new() { HandlerName = handler, DueAt = TestHost.Now }] }],
            TouchedAt = TestHost.Now,
        };
    }
}
