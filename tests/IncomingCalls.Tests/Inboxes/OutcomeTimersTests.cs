using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inboxes;

public class OutcomeTimersTests
{
    [Fact]
    public async Task Offer_WithoutOutcome_IsOutcomeUnknownAfterTheTimeoutAndRaisedByALateOne()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(Wire.Call("offer"));

        host.Clock.Advance(TimeSpan.FromMinutes(14));
        host.Journal.Lines.Should().Equal("Offered");
        var told = host.Journal.HasLinesAsync(2);
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        await told;
        await host.Intake.AcceptAsync(Wire.Call("declined"));

        host.Journal.Lines.Should().Equal("Offered", "OutcomeUnknown", "Missed");
        host.Journal.Events[1].Notification.Should().BeNull();
        host.Journal.Events[2].PreviousOutcome.Should().Be(CallOutcome.Unknown);
    }

    [Fact]
    public async Task Offer_WithOutcome_HasNoTimer()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(Wire.Call("offer"));
        await host.Intake.AcceptAsync(Wire.Call("pickUp"));

        await PassAsync(host, TimeSpan.FromHours(1));

        host.Journal.Lines.Should().Equal("Offered", "Answered");
    }

    [Fact]
    public async Task CallWithoutStatus_HasNoTimer()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(Wire.Call(null));

        await PassAsync(host, TimeSpan.FromHours(1));

        host.Journal.Lines.Should().Equal("Offered");
    }

    [Fact]
    public async Task TimeoutZero_WaitsForEver()
    {
        await using var host = await StartAsync(options => options.OutcomeTimeout = TimeSpan.Zero);
        await host.Intake.AcceptAsync(Wire.Call("offer"));

        await PassAsync(host, TimeSpan.FromDays(1));

        host.Journal.Lines.Should().Equal("Offered");
    }

    [Fact]
    public async Task InstanceThatCatchesUp_IsWaitedFor()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(Wire.Call("offer", secondsAgo: 7200));

        for (var minute = 0; minute < 30; minute++)
        {
            // A backlog of two hours still comes in, one late notification every half minute.
            await PassAsync(host, TimeSpan.FromSeconds(30));
            await host.Intake.AcceptAsync(Wire.Call("offer", id: $"late{minute}", secondsAgo: 7200));
            await PassAsync(host, TimeSpan.FromSeconds(30));
            await host.Intake.AcceptAsync(Wire.Call("declined", id: $"late{minute}", secondsAgo: 7200));
        }

        await host.Intake.AcceptAsync(Wire.Call("declined", secondsAgo: 7200));
        host.Journal.Lines.Should().NotContain("OutcomeUnknown");
    }

    [Fact]
    public async Task PolicyFails_IsAskedOnce()
    {
        await using var host = await TestHost.StartAsync(builder => builder.UsePolicy<OverlooksTheTimer>().AddHandler<JournalHandler>());
        await host.Intake.AcceptAsync(Wire.Call("offer"));

        for (var minute = 0; minute < 30; minute++)
        {
            await PassAsync(host, TimeSpan.FromMinutes(1));
        }

        host.Logs.GetSnapshot().Where(record => record.Message.Contains("policy failed")).Should().ContainSingle();
    }

    [Fact]
    public async Task HandlerFails_IsTriedAgainByTheTimer()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(Wire.Call("offer"));
        var failures = 0;
        host.Journal.OnEvent = (_, _) => ++failures <= 3 ? throw new InvalidOperationException() : ValueTask.CompletedTask;

        var told = host.Journal.HasLinesAsync(2);
        while (!told.IsCompleted)
        {
            await PassAsync(host, TimeSpan.FromSeconds(30));
        }

        await told;
        failures.Should().Be(4);
        host.Journal.Lines.Should().Equal("Offered", "OutcomeUnknown");
    }

    private static Task<TestHost> StartAsync(Action<IncomingCallsOptions>? options = null) =>
        TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>(), options);

    /// <summary>Moves the clock in steps, so that the timer's loop gets to run in between.</summary>
    private static async Task PassAsync(TestHost host, TimeSpan time)
    {
        for (var step = 0; step < 10; step++)
        {
            host.Clock.Advance(time / 10);
            await Task.Yield();
        }
    }

    private sealed class OverlooksTheTimer : ICallPolicy
    {
        public CallDecision Decide(CallPolicyContext context) => CallDecision.Handle(context.Notification!.Status == CallStatus.Offer ? CallLabel.IncomingCall : CallLabel.None);
    }
}
