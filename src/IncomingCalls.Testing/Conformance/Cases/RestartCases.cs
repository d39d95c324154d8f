using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing;

/// <summary>The host stops, and another starts on the same store.</summary>
internal static class RestartCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Restart_NotHandledYet_IsHandledUnderTheSameId", UnfinishedAsync, isForDurable: true),
        new("Restart_HandlerIsAtWork_IsWaitedForAndNotRepeated", DrainedAsync, isForDurable: true),
        new("Restart_RepeatOfTheGateway_IsStillARepeat", RepeatAsync, isForDurable: true),
        new("Restart_OutcomeComesAfterIt_KnowsItsOffer", OutcomeAsync, isForDurable: true),
        new("Restart_OutcomeNeverComes_IsToldAfterIt", TimerAsync, isForDurable: true),
        new("Restart_HandlerIsNoLongerRegistered_IsADeadLetterAndOthersRun", MissingHandlerAsync, isForDurable: true),
        new("Restart_DeadLetter_IsStillThere", DeadLetterAsync, isForDurable: true),
        new("Restart_Trace_GoesOnFromTheReceipt", TraceAsync, isForDurable: true),
    ];

    private static async Task UnfinishedAsync(ConformanceHost host)
    {
        await StartSlowAsync(host).ConfigureAwait(false);
        CallEvent? seen = null;
        host.Diary.Script = (_, told, _) =>
        {
            seen = told;
            throw new CallEventRetryException(TimeSpan.FromSeconds(1));
        };
        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await Expect.EventuallyAsync(() => new(seen is not null), "The first attempt").ConfigureAwait(false);

        await host.StopAsync().ConfigureAwait(false);
        host.Diary.Script = static (_, _, _) => Task.CompletedTask;
        await StartSlowAsync(host).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed A").ConfigureAwait(false);

        Expect.Equal(host.Diary.Events[0].Id, seen!.Id, "The id of the event");
        Expect.Equal(host.Diary.Events[0].Notification, seen.Notification, "The notification");
        Expect.Equal(host.Diary.Events[0].Attempt, 2, "The attempt");
    }

    private static async Task DrainedAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        host.Diary.Script = (_, _, _) =>
        {
            begun.TrySetResult();
            return go.Task;
        };
        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await begun.Task.ConfigureAwait(false);

        var stopping = host.StopAsync();
        Expect.True(!stopping.IsCompleted, "the host waits for the handler");
        go.SetResult();
        await stopping.ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("declined", "marker")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed marker").ConfigureAwait(false);

        Expect.Lines(host.Diary.Lines, "first Missed A", "first Missed marker");
    }

    private static async Task RepeatAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed A").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);

        var again = await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Equal(again.Outcome, IntakeOutcome.Repeat, "The outcome");
        Expect.Lines(host.Diary.Lines, "first Missed A");
    }

    private static async Task OutcomeAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("offer")).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);

        await host.DeliverAsync(Sent.Call("pickUp")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Answered A").ConfigureAwait(false);

        Expect.True(host.Diary.Events[^1].Call.RingTime is not null, "the offer was not forgotten");
    }

    private static async Task TimerAsync(ConformanceHost host)
    {
        static void Soon(IncomingCallsOptions options) => options.OutcomeTimeout = TimeSpan.FromSeconds(2);
        await host.StartAsync(options: Soon).ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("offer")).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await host.StartAsync(options: Soon).ConfigureAwait(false);

        await host.Diary.HasAsync("first OutcomeUnknown A").ConfigureAwait(false);

        Expect.Lines(host.Diary.Lines, "first Offered A", "first OutcomeUnknown A");
    }

    private static async Task MissingHandlerAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddHandler<FirstHandler>(FirstHandler.Name).AddHandler<SecondHandler>(SecondHandler.Name)).ConfigureAwait(false);
        host.Diary.Script = static (_, _, _) => throw new CallEventRetryException(TimeSpan.FromMilliseconds(10));
        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        host.Diary.Script = static (_, _, _) => Task.CompletedTask;

        await host.StartAsync(static calls => calls.AddHandler<SecondHandler>(SecondHandler.Name)).ConfigureAwait(false);
        await host.Diary.HasAsync("second Missed A").ConfigureAwait(false);
        IReadOnlyList<DeadLetter> letters = [];
        await Expect.EventuallyAsync(
            async () => (letters = await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count == 1, "The event of the missing handler is a dead letter").ConfigureAwait(false);

        Expect.Equal(letters[0].Handler, FirstHandler.Name, "The handler");
        Expect.True(letters[0].Error.StartsWith("HandlerNotRegistered", StringComparison.Ordinal), "the error says that nobody is registered");
    }

    private static async Task DeadLetterAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        host.Diary.Script = static (_, _, _) => throw new CallEventRejectedException("No.");
        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        host.Diary.Script = static (_, _, _) => Task.CompletedTask;
        await host.StartAsync().ConfigureAwait(false);

        Expect.Equal(await host.Administration.ReplayDeadLettersAsync().ConfigureAwait(false), 1, "Replayed");
        await host.Diary.HasAsync("first Missed A").ConfigureAwait(false);
    }

    private static async Task TraceAsync(ConformanceHost host)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == IncomingCallsTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await StartSlowAsync(host).ConfigureAwait(false);
        ActivityTraceId? handled = null;
        host.Diary.Script = static (_, _, _) => throw new CallEventRetryException(TimeSpan.FromSeconds(1));
        using var request = new Activity("request").Start();
        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        var trace = request.TraceId;
        request.Stop();
        await host.StopAsync().ConfigureAwait(false);

        host.Diary.Script = (_, _, _) =>
        {
            handled = Activity.Current?.TraceId;
            return Task.CompletedTask;
        };
        await StartSlowAsync(host).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed A").ConfigureAwait(false);

        Expect.Equal(handled, trace, "The trace of the handler");
    }

    /// <summary>With a long schedule, so that nothing becomes a dead letter while the host is down.</summary>
    private static Task StartSlowAsync(ConformanceHost host) =>
        host.StartAsync(options: static options => options.Retries = [.. Enumerable.Repeat(TimeSpan.FromSeconds(1), 100)]);
}
