using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Tests.Inbox.Dispatch;

/// <summary>A logger of the host that throws stops neither the retries nor the inbox.</summary>
public class LoggerFaultTests
{
    [Fact]
    public async Task Attempt_FailsAndTheLoggerThrows_IsRetried()
    {
        await using var engine = await EngineHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<ILoggerProvider, ThrowingLoggerProvider>();
            builder.AddHandler<RecordingHandler>();
        });
        engine.Recorder.OnEvent = (callEvent, _) => callEvent.Attempt == 1 ? throw new InvalidOperationException() : ValueTask.CompletedTask;
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));
        await engine.WaitUntilIdleAsync();

        await engine.AdvanceAsync(2.4);

        engine.Recorder.Events.Should().ContainSingle().Which.Attempt.Should().Be(2);
    }

    [Fact]
    public async Task OutcomeTimeout_PolicyFailsAndTheLoggerThrows_IsResolved()
    {
        var policy = new FailingPolicy();
        await using var engine = await EngineHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<ILoggerProvider, ThrowingLoggerProvider>();
            builder.AddHandler<RecordingHandler>().UsePolicy(policy);
        });
        await engine.AcceptAsync(TestNotifications.CreateCall("offer"));
        await engine.WaitUntilIdleAsync();

        await engine.AdvanceAsync(15 * 60);
        await engine.AdvanceAsync(15 * 60);

        policy.Calls.Should().Be(1, "the timeout was resolved; if its lane never ended, it would stop the outcome timeouts of its instance");
    }

    [Fact]
    public async Task InMemoryInbox_EventIsGivenUpAndTheLoggerThrows_AcknowledgesAndContinues()
    {
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<ILoggerProvider, ThrowingLoggerProvider>();
                builder.AddHandler<RecordingHandler>(options => options.RetryDelays = []);
            },
            options => (options.GiveUpAfter, options.GiveUpAfterRedeliveries) = (TimeSpan.Zero, 1));
        host.Recorder.OnEvent = (callEvent, _) => callEvent.Call.Key.IdMessage == "A" ? throw new InvalidOperationException() : ValueTask.CompletedTask;
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"), TestNotifications.CreateCall("declined", "B"));

        await gateway.SendAsync();
        await gateway.DrainAsync();
        await host.WaitUntilIdleAsync();

        gateway.Answers.Should().Equal("A/declined 503", "A/declined Stored", "B/declined Stored");
    }

    private sealed class FailingPolicy : ICallPolicy
    {
        public int Calls { get; private set; }

        public CallDecision Decide(CallPolicyContext context)
        {
            Calls++;
            throw new InvalidOperationException();
        }
    }
}
