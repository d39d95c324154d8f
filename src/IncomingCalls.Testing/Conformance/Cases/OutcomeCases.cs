namespace IncomingCalls.Testing;

/// <summary>Calls whose outcome never comes.</summary>
internal static class OutcomeCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Outcome_NeverComes_IsToldOnceAndRaisedByALateOne", NeverAsync),
        new("Outcome_Comes_NothingMoreIsTold", ComesAsync),
        new("Outcome_InstanceCatchesUp_IsAwaited", DrainingAsync),
        new("Outcome_StatusIsMissingAltogether_IsNotAwaited", WithoutStatusAsync),
    ];

    private static async Task NeverAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);

        await host.DeliverAsync(Sent.Call("offer")).ConfigureAwait(false);
        await host.Diary.HasAsync("first OutcomeUnknown A").ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed A").ConfigureAwait(false);

        Expect.Lines(host.Diary.Lines, "first Offered A", "first OutcomeUnknown A", "first Missed A");
        Expect.Equal(host.Diary.Events[^1].PreviousOutcome, CallOutcome.Unknown, "The outcome before");
    }

    private static async Task ComesAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);

        await host.DeliverAsync(Sent.Call("offer")).ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("pickUp")).ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("offer", "later")).ConfigureAwait(false);
        await host.Diary.HasAsync("first OutcomeUnknown later").ConfigureAwait(false);

        Expect.True(!host.Diary.Lines.Contains("first OutcomeUnknown A"), "the answered call is over");
    }

    private static async Task DrainingAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);

        await host.DeliverAsync(Sent.Call("offer", age: TimeSpan.FromHours(2))).ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("offer", "punctual", instance: 1101000002)).ConfigureAwait(false);
        await host.Diary.HasAsync("first OutcomeUnknown punctual").ConfigureAwait(false);

        Expect.True(!host.Diary.Lines.Contains("first OutcomeUnknown A"), "its outcome may still be in the gateway's queue");
    }

    private static async Task WithoutStatusAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);

        await host.DeliverAsync(Sent.Call(null)).ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("offer", "later")).ConfigureAwait(false);
        await host.Diary.HasAsync("first OutcomeUnknown later").ConfigureAwait(false);

        Expect.True(!host.Diary.Lines.Contains("first OutcomeUnknown A"), "gateways of that age report no outcomes");
    }

    private static Task StartAsync(ConformanceHost host) =>
        host.StartAsync(options: static options => options.OutcomeTimeout = TimeSpan.FromSeconds(1));
}
