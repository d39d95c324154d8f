using System.Diagnostics;
using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases in which the host stops and another one starts with the same store.</summary>
internal static class RestartCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Restart_PendingDelivery_IsHandledWithTheSameId", PendingDeliveryAsync, isForDurable: true),
        new("Restart_HandlerRunning_IsDrainedAndNotRepeated", DrainAsync, isForDurable: true),
        new("Restart_Redelivery_IsStillADuplicate", DuplicateAfterRestartAsync, isForDurable: true),
        new("Restart_OutcomeArrivesLater_KnowsItsOffer", OutcomeAfterRestartAsync, isForDurable: true),
        new("Restart_OutcomeTimesOut_IsReported", OutcomeTimeoutAfterRestartAsync, isForDurable: true),
        new("Restart_HandlerNotRegistered_IsDeadLetteredAndOthersRun", HandlerNoLongerRegisteredAsync, isForDurable: true),
        new("Restart_DeadLetter_IsRetained", DeadLetterAsync, isForDurable: true),
        new("Restart_Trace_ContinuesFromTheReceipt", TraceAsync, isForDurable: true),
    ];

    private static async Task PendingDeliveryAsync(ConformanceHost host)
    {
        await StartWithLongRetryScheduleAsync(host).ConfigureAwait(false);
        CallEvent? firstAttempt = null;
        host.Recorder.HandlerBehavior = (_, callEvent, _) =>
        {
            firstAttempt = callEvent;
            throw new CallEventRetryException(TimeSpan.FromSeconds(1));
        };
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await Expect.EventuallyAsync(() => new(firstAttempt is not null), "the first attempt starts").ConfigureAwait(false);

        await host.StopAsync().ConfigureAwait(false);
        host.Recorder.HandlerBehavior = static (_, _, _) => Task.CompletedTask;
        await StartWithLongRetryScheduleAsync(host).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.Equal(host.Recorder.Events[0].Id, firstAttempt!.Id, "The id of the event");
        Expect.Equal(host.Recorder.Events[0].Notification, firstAttempt.Notification, "The notification");
        Expect.Equal(host.Recorder.Events[0].Attempt, 2, "The attempt");
    }

    private static async Task DrainAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        host.Recorder.HandlerBehavior = (_, _, _) =>
        {
            started.TrySetResult();
            return release.Task;
        };
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await started.Task.ConfigureAwait(false);

        var stopping = host.StopAsync();
        Expect.True(!stopping.IsCompleted, "the host waits for the running handler");
        release.SetResult();
        await stopping.ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "marker")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed marker").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Missed A", "first Missed marker");
    }

    private static async Task DuplicateAfterRestartAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);

        var again = await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Equal(again.Outcome, IntakeOutcome.Duplicate, "The outcome");
        Expect.Entries(host.Recorder.Entries, "first Missed A");
    }

    private static async Task OutcomeAfterRestartAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("pickUp")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Answered A").ConfigureAwait(false);

        Expect.True(host.Recorder.Events[^1].Call.RingTime is not null, "the call contains the offer that was received before the restart");
    }

    private static async Task OutcomeTimeoutAfterRestartAsync(ConformanceHost host)
    {
        static void SetShortOutcomeTimeout(IncomingCallsOptions options) => options.OutcomeTimeout = TimeSpan.FromSeconds(2);
        await host.StartAsync(options: SetShortOutcomeTimeout).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await host.StartAsync(options: SetShortOutcomeTimeout).ConfigureAwait(false);

        await host.Recorder.WaitForEntriesAsync("first OutcomeUnknown A").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Offered A", "first OutcomeUnknown A");
    }

    private static async Task HandlerNoLongerRegisteredAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddHandler<FirstHandler>(FirstHandler.Name).AddHandler<SecondHandler>(SecondHandler.Name)).ConfigureAwait(false);
        // Longer than the host takes to stop: after the last retry there would be nothing left to run.
        host.Recorder.HandlerBehavior = static (_, _, _) => throw new CallEventRetryException(TimeSpan.FromSeconds(1));
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        host.Recorder.HandlerBehavior = static (_, _, _) => Task.CompletedTask;

        await host.StartAsync(static calls => calls.AddHandler<SecondHandler>(SecondHandler.Name)).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("second Missed A").ConfigureAwait(false);
        IReadOnlyList<DeadLetter> letters = [];
        await Expect.EventuallyAsync(
            async () => (letters = await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count == 1, "the delivery of the missing handler is a dead letter").ConfigureAwait(false);

        Expect.Equal(letters[0].Handler, FirstHandler.Name, "The handler");
        Expect.True(letters[0].Error.StartsWith("HandlerNotRegistered", StringComparison.Ordinal), "the error is HandlerNotRegistered");
    }

    private static async Task DeadLetterAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        host.Recorder.HandlerBehavior = static (_, _, _) => throw new CallEventRejectedException("No.");
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await Expect.EventuallyAsync(
            async () => (await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count == 1, "the rejected delivery is a dead letter").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        host.Recorder.HandlerBehavior = static (_, _, _) => Task.CompletedTask;
        await host.StartAsync().ConfigureAwait(false);

        Expect.Equal(await host.Administration.ReplayDeadLettersAsync().ConfigureAwait(false), 1, "Replayed");
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);
    }

    private static async Task TraceAsync(ConformanceHost host)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == IncomingCallsTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await StartWithLongRetryScheduleAsync(host).ConfigureAwait(false);
        ActivityTraceId? handled = null;
        host.Recorder.HandlerBehavior = static (_, _, _) => throw new CallEventRetryException(TimeSpan.FromSeconds(1));
        using var request = new Activity("request").Start();
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        var trace = request.TraceId;
        request.Stop();
        await host.StopAsync().ConfigureAwait(false);

        host.Recorder.HandlerBehavior = (_, _, _) =>
        {
            handled = Activity.Current?.TraceId;
            return Task.CompletedTask;
        };
        await StartWithLongRetryScheduleAsync(host).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.Equal(handled, trace, "The trace of the handler");
    }

    /// <summary>Starts the host with many retries, so that no delivery becomes a dead letter while the host is stopped.</summary>
    private static Task StartWithLongRetryScheduleAsync(ConformanceHost host) =>
        host.StartAsync(options: static options => options.RetryDelays = [.. Enumerable.Repeat(TimeSpan.FromSeconds(1), 100)]);
}
