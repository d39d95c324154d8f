using IncomingCalls.Testing.Conformance.Harness;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about the outcome timeout of calls.</summary>
internal static class OutcomeCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Outcome_TimesOut_IsReportedOnceAndReplacedByALateOne", OutcomeTimesOutAsync),
        new("Outcome_Arrives_NoTimeoutEvent", OutcomeArrivesAsync),
        new("Outcome_InstanceCatchesUp_IsAwaited", InstanceCatchesUpAsync),
        new("Outcome_StatusMissing_IsNotAwaited", MissingStatusAsync),
    ];

    private static async Task OutcomeTimesOutAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first OutcomeUnknown A").ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Offered A", "first OutcomeUnknown A", "first Missed A");
        Expect.Equal(host.Recorder.Events[^1].PreviousOutcome, CallOutcome.Unknown, "The outcome before");
    }

    private static async Task OutcomeArrivesAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("pickUp")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("offer", "later")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first OutcomeUnknown later").ConfigureAwait(false);

        Expect.True(!host.Recorder.Entries.Contains("first OutcomeUnknown A"), "an answered call has no outcome timeout");
    }

    private static async Task InstanceCatchesUpAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("offer", age: TimeSpan.FromHours(2))).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("offer", "punctual", instance: 1101000002)).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first OutcomeUnknown punctual").ConfigureAwait(false);

        Expect.True(!host.Recorder.Entries.Contains("first OutcomeUnknown A"), "the outcome of an old offer may still be in the queue of the gateway");
    }

    private static async Task MissingStatusAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall(null)).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("offer", "later")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first OutcomeUnknown later").ConfigureAwait(false);

        Expect.True(!host.Recorder.Entries.Contains("first OutcomeUnknown A"), "gateways that send no status send no outcome either");
    }

    private static Task StartAsync(ConformanceHost host) =>
        host.StartAsync(options: static options => options.OutcomeTimeout = TimeSpan.FromSeconds(1));
}
