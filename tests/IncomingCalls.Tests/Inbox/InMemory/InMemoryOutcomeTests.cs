using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Tests.Inbox.InMemory;

/// <summary>The outcome timeout with the in-memory inbox.</summary>
public class InMemoryOutcomeTests
{
    [Fact]
    public async Task Offer_WithoutOutcome_BecomesOutcomeUnknownAndIsRaisedByALateOutcome()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        await host.AdvanceAsync(TimeSpan.FromMinutes(14));
        host.Recorder.Lines.Should().Equal("Offered");
        await host.AdvanceAsync(TimeSpan.FromMinutes(1));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        host.Recorder.Lines.Should().Equal("Offered", "OutcomeUnknown", "Missed");
        host.Recorder.Events[1].Notification.Should().BeNull();
        host.Recorder.Events[2].PreviousOutcome.Should().Be(CallOutcome.Unknown);
    }

    [Theory]
    [InlineData("offer", "pickUp", "Offered,Answered")]
    [InlineData("pickUp", "offer", "Answered")]
    [InlineData(null, null, "Offered")]
    public async Task Call_WithOutcomeOrWithoutStatus_HasNoTimeout(string? first, string? second, string lines)
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(TestNotifications.CreateCall(first));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall(second));

        await host.AdvanceAsync(TimeSpan.FromHours(1));

        string.Join(',', host.Recorder.Lines).Should().Be(lines);
    }

    [Fact]
    public async Task OutcomeTimeout_Zero_NeverElapses()
    {
        await using var host = await StartAsync(options => options.OutcomeTimeout = TimeSpan.Zero);
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));

        await host.AdvanceAsync(TimeSpan.FromHours(2));

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
            await host.AdvanceAsync(TimeSpan.FromSeconds(30));
            await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer", id: $"late{minute}", secondsAgo: 7200));
            await host.AdvanceAsync(TimeSpan.FromSeconds(30));
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
            await host.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        host.Logs.GetSnapshot().Where(record => record.Message.Contains("policy failed")).Should().ContainSingle();
    }

    [Fact]
    public async Task OutcomeUnknown_HandlerFails_IsRetriedQuicklyAndThenEachMinute()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        List<TimeSpan> attempts = [];
        host.Recorder.OnEvent = (_, _) =>
        {
            attempts.Add(host.Clock.GetUtcNow() - TestHost.Now - TimeSpan.FromMinutes(15));
            return attempts.Count <= 7 ? throw new InvalidOperationException() : ValueTask.CompletedTask;
        };

        await host.AdvanceAsync(TimeSpan.FromMinutes(15));
        await AdvanceInStepsAsync(host, TimeSpan.FromMinutes(3));

        attempts.Select(at => at.TotalSeconds).Should().Equal(0, 0.2, 1.2, 61.2, 61.4, 62.4, 122.4, 122.6);
        host.Recorder.Lines.Should().Equal("Offered", "OutcomeUnknown");
    }

    [Fact]
    public async Task OutcomeUnknown_HandlerAlwaysFails_IsGivenUpAfterTenMinutes()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        host.Recorder.OnEvent = (_, _) => throw new InvalidOperationException();

        await host.AdvanceAsync(TimeSpan.FromMinutes(15));
        await AdvanceInStepsAsync(host, TimeSpan.FromMinutes(9));
        host.Logs.GetSnapshot().Should().NotContain(record => record.Level == LogLevel.Critical);
        await AdvanceInStepsAsync(host, TimeSpan.FromMinutes(3));

        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Level == LogLevel.Critical).Which.Message.Should().Contain("OutcomeUnknown");
        var attempts = host.Recorder.Attempts["1101000001/A/OutcomeUnknown"];
        await AdvanceInStepsAsync(host, TimeSpan.FromMinutes(3));
        host.Recorder.Attempts["1101000001/A/OutcomeUnknown"].Should().Be(attempts, "an event that was given up is not retried");
    }

    [Fact]
    public async Task AcceptAsync_MoreCallsThanMaxCalls_OnlyStoredCallsHaveTimeouts()
    {
        var policy = new CountsTimeouts();
        await using var host = await TestHost.StartAsync(builder => builder.UsePolicy(policy).AddHandler<RecordingHandler>(), options => options.InMemory.MaxCalls = 100);
        for (var call = 0; call < 250; call++)
        {
            await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer", id: $"{call}"));
            host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await host.AdvanceAsync(TimeSpan.FromMinutes(16));

        policy.Timeouts.Should().Be(100);
        host.Recorder.Lines.Should().HaveCount(350);
    }

    private static Task<TestHost> StartAsync(Action<IncomingCallsOptions>? options = null) =>
        TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(), options);

    /// <summary>Advances the clock in steps of 200 ms, so that the retries happen at their times.</summary>
    private static async Task AdvanceInStepsAsync(TestHost host, TimeSpan time)
    {
        for (var step = TimeSpan.Zero; step < time; step += TimeSpan.FromMilliseconds(200))
        {
            await host.AdvanceAsync(TimeSpan.FromMilliseconds(200));
        }
    }

    private sealed class CountsTimeouts : ICallPolicy
    {
        private int _timeouts;

        public int Timeouts => _timeouts;

        public CallDecision Decide(CallPolicyContext context)
        {
            if (context.Kind == CallEventKind.OutcomeUnknown)
            {
                Interlocked.Increment(ref _timeouts);
            }

            return CallDecision.Handle();
        }
    }

    private sealed class StatusOnlyPolicy : ICallPolicy
    {
        public CallDecision Decide(CallPolicyContext context) => CallDecision.Handle(context.Notification!.Status == CallStatus.Offer ? CallLabel.IncomingCall : CallLabel.None);
    }
}
