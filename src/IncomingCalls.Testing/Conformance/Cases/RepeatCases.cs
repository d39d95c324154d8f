namespace IncomingCalls.Testing;

/// <summary>The gateway delivers more than once; a handler hears of it once.</summary>
internal static class RepeatCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Repeat_ManyAtOnce_HandlerRunsOnce", AtOnceAsync),
        new("Repeat_OtherSpelling_IsARepeat", SpellingAsync),
        new("Repeat_OtherInstance_IsAnotherCall", InstanceAsync),
        new("Repeat_SecondOutcomeOfTheSameRank_IsTrackedWithoutEvent", SameRankAsync),
    ];

    private static async Task AtOnceAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => host.DeliverAsync(Sent.Call("declined"))))).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed A").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Lines(host.Diary.Lines, "first Missed A");
        Expect.True(results.All(result => result is { ShouldAcknowledge: true, Outcome: IntakeOutcome.Stored or IntakeOutcome.Repeat }), "each was acknowledged");
    }

    private static async Task SpellingAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        await host.DeliverAsync(Sent.Call("hungUp")).ConfigureAwait(false);
        var result = await host.DeliverAsync(Sent.Call("HANGUP")).ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("transferred")).ConfigureAwait(false);
        var unknown = await host.DeliverAsync(Sent.Call("Transferred")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Unrecognized").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Equal(result.Outcome, IntakeOutcome.Repeat, "The old spelling");
        Expect.Equal(unknown.Outcome, IntakeOutcome.Repeat, "An unknown status again");
        Expect.Lines(host.Diary.Lines, "first Dropped A", "first Unrecognized A");
    }

    private static async Task InstanceAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("declined", instance: 1101000002)).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed A", 2).ConfigureAwait(false);

        Expect.Equal(host.Diary.Events.Select(told => told.Id).Distinct().Count(), 2, "Events");
    }

    private static async Task SameRankAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        await host.DeliverAsync(Sent.Call("missed")).ConfigureAwait(false);
        var second = await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Equal(second.Outcome, IntakeOutcome.Tracked, "The second outcome");
        Expect.Lines(host.Diary.Lines, "first Missed A");
    }
}
