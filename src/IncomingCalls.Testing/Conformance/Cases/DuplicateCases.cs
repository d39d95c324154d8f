using IncomingCalls.Testing.Conformance.Harness;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about deduplication: a notification that is delivered several times is handled once.</summary>
internal static class DuplicateCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Duplicate_Concurrent_HandlerRunsOnce", ConcurrentDuplicatesAsync),
        new("Duplicate_OtherSpelling_IsADuplicate", OtherSpellingAsync),
        new("Duplicate_OtherInstance_IsAnotherCall", OtherInstanceAsync),
        new("Duplicate_SecondOutcomeOfTheSameRank_IsTrackedWithoutEvent", SameRankOutcomeAsync),
    ];

    private static async Task ConcurrentDuplicatesAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => host.DeliverAsync(TestNotifications.CreateCall("declined"))))).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Missed A");
        Expect.True(results.All(result => result is { ShouldAcknowledge: true, Outcome: IntakeOutcome.Stored or IntakeOutcome.Duplicate }), "each delivery is acknowledged");
    }

    private static async Task OtherSpellingAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("hungUp")).ConfigureAwait(false);
        var result = await host.DeliverAsync(TestNotifications.CreateCall("HANGUP")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("transferred")).ConfigureAwait(false);
        var unknown = await host.DeliverAsync(TestNotifications.CreateCall("Transferred")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Unrecognized").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Equal(result.Outcome, IntakeOutcome.Duplicate, "The old spelling");
        Expect.Equal(unknown.Outcome, IntakeOutcome.Duplicate, "The duplicate of an unknown status");
        Expect.Entries(host.Recorder.Entries, "first Dropped A", "first Unrecognized A");
    }

    private static async Task OtherInstanceAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", instance: 1101000002)).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A", 2).ConfigureAwait(false);

        Expect.Equal(host.Recorder.Events.Select(callEvent => callEvent.Id).Distinct().Count(), 2, "Events");
    }

    private static async Task SameRankOutcomeAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("missed")).ConfigureAwait(false);
        var second = await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Equal(second.Outcome, IntakeOutcome.Tracked, "The second outcome");
        Expect.Entries(host.Recorder.Entries, "first Missed A");
    }
}
