using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.InMemory;

public class OutcomeTimersTests
{
    [Fact]
    public async Task Offer_WithoutOutcome_BecomesOutcomeUnknownAndIsRaisedByALateOutcome()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        host.Clock.Advance(TimeSpan.FromMinutes(14));
        host.Recorder.Lines.Should().Equal("Offered");
        var recorded = host.Recorder.WaitForLinesAsync(2);
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        await recorded;
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        host.Recorder.Lines.Should().Equal("Offered", "OutcomeUnknown", "Missed");
        host.Recorder.Events[1].Notification.Should().BeNull();
        host.Recorder.Events[2].PreviousOutcome.Should().Be(CallOutcome.Unknown);
    }

    [Fact]
    public async Task Offer_WithOutcome_HasNoTimer()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp"));

        await AdvanceAsync(host, TimeSpan.FromHours(1));

        host.Recorder.Lines.Should().Equal("Offered", "Answered");
    }

    [Fact]
    public async Task CallWithoutStatus_HasNoTimer()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(TestNotifications.CreateCall(null));

        await AdvanceAsync(host, TimeSpan.FromHours(1));

        host.Recorder.Lines.Should().Equal("Offered");
    }

    [Fact]
    public async Task OutcomeTimeout_Zero_NeverExpires()
    {
        await using var host = await StartAsync(options => options.OutcomeTimeout = TimeSpan.Zero);
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        await AdvanceAsync(host, TimeSpan.FromDays(1));

        host.Recorder.Lines.Should().Equal("Offered");
    }

    [Fact]
    public async Task OutcomeTimeout_InstanceCatchingUp_IsPostponed()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer", secondsAgo: 7200));

        for (var minute = 0; minute < 30; minute++)
        {
            // The backlog of two hours is still being received, one late notification every half minute.
            await AdvanceAsync(host, TimeSpan.FromSeconds(30));
            await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer", id: $"late{minute}", secondsAgo: 7200));
            await AdvanceAsync(host, TimeSpan.FromSeconds(30));
            await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", id: $"late{minute}", secondsAgo: 7200));
        }

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", secondsAgo: 7200));
        host.Recorder.Lines.Should().NotContain("OutcomeUnknown");
    }

    [Fact]
    public async Task OutcomeTimeout_PolicyThrows_IsEvaluatedOnce()
    {
        await using var host = await TestHost.StartAsync(builder => builder.UsePolicy<StatusOnlyPolicy>().AddHandler<RecordingHandler>());
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        for (var minute = 0; minute < 30; minute++)
        {
            await AdvanceAsync(host, TimeSpan.FromMinutes(1));
        }

        host.Logs.GetSnapshot().Where(record => record.Message.Contains("policy failed")).Should().ContainSingle();
    }

    [Fact]
    public async Task OutcomeTimeout_HandlerFails_IsRetriedByTheTimer()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        var failures = 0;
        host.Recorder.OnEvent = (_, _) => ++failures <= 3 ? throw new InvalidOperationException() : ValueTask.CompletedTask;

        var recorded = host.Recorder.WaitForLinesAsync(2);
        while (!recorded.IsCompleted)
        {
            await AdvanceAsync(host, TimeSpan.FromSeconds(30));
        }

        await recorded;
        failures.Should().Be(4);
        host.Recorder.Lines.Should().Equal("Offered", "OutcomeUnknown");
    }

    private static Task<TestHost> StartAsync(Action<IncomingCallsOptions>? options = null) =>
        TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(), options);

    /// <summary>Advances the clock in steps, so that the loop of the timer can run in between.</summary>
    private static async Task AdvanceAsync(TestHost host, TimeSpan time)
    {
        for (var step = 0; step < 10; step++)
        {
            host.Clock.Advance(time / 10);
            await Task.Yield();
        }
    }

    private sealed class StatusOnlyPolicy : ICallPolicy
    {
        public CallDecision Decide(CallPolicyContext context) => CallDecision.Handle(context.Notification!.Status == CallStatus.Offer ? CallLabel.IncomingCall : CallLabel.None);
    }
}
