using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.Dispatch;

/// <summary>The limits of the engine: slots and active lanes per instance and handler.</summary>
public class ConcurrencyTests
{
    [Fact]
    public async Task Backlog_OfAHangingHandler_LeavesTheOtherHandlersOfTheInstanceAtFullSpeed()
    {
        var hanging = new ControlledHandler();
        await using var engine = await StartAsync(hanging);
        // One of a hundred events fails once.
        engine.Recorder.OnEvent = (callEvent, _) =>
            callEvent.Attempt == 1 && callEvent.Call.Key.IdMessage.EndsWith("00", StringComparison.Ordinal) ? throw new InvalidOperationException() : ValueTask.CompletedTask;

        await engine.AcceptMissedCallsAsync(3_000);

        await engine.Recorder.WaitForAttemptsAsync(3_000);
        await engine.Recorder.WaitForLinesAsync(2_971);
        hanging.Attempts.Should().Be(16);
        await AdvanceUntilAsync(engine, engine.Recorder.WaitForLinesAsync(3_000));
        engine.Recorder.Events.Select(callEvent => callEvent.Id).Should().OnlyHaveUniqueItems();
        engine.Recorder.Attempts.Values.Sum().Should().Be(3_029);
        hanging.Attempts.Should().Be(16, "the first sixteen are still running");
        hanging.Release.SetResult();
    }

    [Fact]
    public async Task Backlog_OfAHandlerThatWasReleased_IsHandledWithoutDuplicates()
    {
        var hanging = new ControlledHandler();
        await using var engine = await StartAsync(hanging);
        await engine.AcceptMissedCallsAsync(500);
        await hanging.WaitForAttemptsAsync(1);

        hanging.Release.SetResult();
        await engine.WaitUntilIdleAsync();

        hanging.Attempts.Should().Be(500);
        engine.Recorder.Lines.Should().HaveCount(500);
    }

    [Theory]
    [InlineData(1, 32)]
    [InlineData(16, 32)]
    [InlineData(50, 100)]
    public async Task Lanes_OfOneInstanceAndHandler_AreBounded(int slots, int lanes)
    {
        var hanging = new ControlledHandler();
        await using var engine = await EngineHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(hanging);
                builder.AddHandler<ControlledHandler>();
            },
            options => options.MaxConcurrentAttemptsPerInstance = slots);

        await engine.AcceptMissedCallsAsync(300);
        // The loop finds the rest due again and again.
        engine.Clock.Advance(TimeSpan.FromSeconds(5));

        engine.Runner.InFlight.Should().Be(lanes);
        await engine.AcceptAsync(TestNotifications.CreateCall("declined") with { Instance = new() { IdInstance = 7 } });
        engine.Runner.InFlight.Should().Be(lanes + 1, "another instance has its own share");
        hanging.Release.SetResult();
        await engine.WaitUntilIdleAsync();
        hanging.Attempts.Should().Be(301);
    }

    [Fact]
    public async Task Slots_ArePerInstanceAndHandler()
    {
        var hanging = new ControlledHandler();
        await using var engine = await StartAsync(hanging, options => options.MaxConcurrentAttemptsPerInstance = 1);
        var go = new TaskCompletionSource();
        engine.Recorder.OnEvent = (_, _) => new(go.Task);

        for (var call = 0; call < 3; call++)
        {
            await engine.AcceptAsync(TestNotifications.CreateCall("declined", $"{call}"));
            await engine.AcceptAsync(TestNotifications.CreateCall("declined", $"{call}") with { Instance = new() { IdInstance = 7 } });
        }

        await engine.Recorder.WaitForAttemptsAsync(2);
        await hanging.WaitForAttemptsAsync(2);
        engine.Recorder.Attempts.Keys.Select(id => id.Split('/')[0]).Should().BeEquivalentTo("1101000001", "7");
        hanging.Attempts.Should().Be(2, "one of each instance");
        go.SetResult();
        hanging.Release.SetResult();
        await engine.WaitUntilIdleAsync();
        (engine.Recorder.Lines.Count, hanging.Attempts).Should().Be((6, 6));
    }

    [Fact]
    public async Task Alerts_TakeNoSlotAndNoPlaceOfAHandler()
    {
        var notifier = new HangingNotifier();
        await using var engine = await EngineHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(notifier);
                builder.AddOperatorNotifier<HangingNotifier>().AddHandler<RecordingHandler>();
            },
            options => options.MaxConcurrentAttemptsPerInstance = 1);

        for (var call = 0; call < 200; call++)
        {
            await engine.AcceptAsync(TestNotifications.CreateCall("offer", $"{call}"));
        }

        await notifier.WaitForAlertsAsync(200);
        await engine.Recorder.WaitForLinesAsync(200);
        notifier.Release.SetResult();
    }

    private static Task<EngineHost> StartAsync(ControlledHandler hanging, Action<IncomingCallsOptions>? options = null) => EngineHost.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton(hanging);
            builder.AddHandler<ControlledHandler>(handler => handler.Timeout = TimeSpan.FromMinutes(10)).AddHandler<RecordingHandler>();
        },
        options);

    /// <summary>Advances the clock in steps of the loop until a task is complete, while a handler hangs, so that the engine is never idle.</summary>
    private static async Task AdvanceUntilAsync(EngineHost engine, Task task)
    {
        // A retry is due by the time at which its failure is settled, which other work may delay: so further than needed, but not to the timeout of the handler.
        for (var step = 0; step < 3_000 && !task.IsCompleted; step++)
        {
            engine.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Run(static () => { });
        }

        await task;
    }
}
