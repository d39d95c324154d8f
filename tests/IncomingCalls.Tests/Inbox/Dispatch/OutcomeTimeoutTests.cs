using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Tests.Inbox.Dispatch;

/// <summary>The outcome timeout of the engine.</summary>
public class OutcomeTimeoutTests
{
    [Fact]
    public async Task Timeout_OfManyCalls_IsResolvedForAll()
    {
        await using var engine = await EngineHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        for (var call = 0; call < 200; call++)
        {
            await engine.AcceptAsync(TestNotifications.CreateCall("offer", $"{call}"));
        }

        await engine.AdvanceAsync(15 * 60);

        engine.Recorder.Lines.Count(line => line == "OutcomeUnknown").Should().Be(200);
    }

    [Fact]
    public async Task Timeout_OutcomeArrivesWhileThePolicyDecides_IsIgnored()
    {
        var policy = new BlockingPolicy();
        await using var engine = await EngineHost.StartAsync(builder => builder.UsePolicy(policy).AddHandler<RecordingHandler>());
        await engine.AcceptAsync(TestNotifications.CreateCall("offer"));
        engine.Clock.Advance(TimeSpan.FromMinutes(15));
        await policy.WaitForDecisionsAsync(1);

        await engine.AcceptAsync(TestNotifications.CreateCall("declined", secondsAgo: -900));
        policy.Release();
        await engine.WaitUntilIdleAsync();
        await engine.AdvanceAsync(3600);

        engine.Recorder.Lines.Should().Equal("Offered", "Missed");
    }

    [Fact]
    public async Task Timeout_CallIsEvictedWhileThePolicyDecides_EndsWithoutAFault()
    {
        var policy = new BlockingPolicy();
        await using var engine = await EngineHost.StartAsync(builder => builder.UsePolicy(policy).AddHandler<RecordingHandler>(), options => options.InMemory.MaxCalls = 100);
        await engine.AcceptAsync(TestNotifications.CreateCall("offer"));
        // A call with a pending delivery is not evicted.
        await engine.WaitUntilIdleAsync();
        engine.Clock.Advance(TimeSpan.FromMinutes(15));
        await policy.WaitForDecisionsAsync(1);
        for (var call = 0; call < 150; call++)
        {
            await engine.AcceptAsync(TestNotifications.CreateCall("declined", $"{call}"));
        }

        policy.Release();
        await engine.WaitUntilIdleAsync();
        await engine.AdvanceAsync(10);

        engine.Store.Rollbacks.Should().Be(0);
        engine.Recorder.Lines.Should().NotContain("OutcomeUnknown");
        engine.Host.Logs.GetSnapshot().Should().NotContain(record => record.Level >= LogLevel.Error);
    }

    private sealed class BlockingPolicy : ICallPolicy
    {
        private readonly SemaphoreSlim _decisions = new(0);
        private readonly ManualResetEventSlim _released = new();

        public CallDecision Decide(CallPolicyContext context)
        {
            if (context.Kind == CallEventKind.OutcomeUnknown)
            {
                _decisions.Release();
                _released.Wait(TimeSpan.FromSeconds(10));
            }

            return CallDecision.Handle();
        }

        public Task WaitForDecisionsAsync(int count) => _decisions.WaitForAsync(count);

        public void Release() => _released.Set();
    }
}
