using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing;

/// <summary>What becomes of a notification that is accepted.</summary>
internal static class AcceptanceCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Accept_Offer_IsKeptAndHandled", OfferAsync),
        new("Accept_EachScenario_HandlesWhatItShould", ScenariosAsync),
        new("Accept_OnlyTracked_LaterEventKnowsOfIt", TrackedAsync),
        new("Accept_ClientGoesAway_IsHandledOnce", ClientGoesAwayAsync),
        new("Accept_Recorder_WritesOneLinePerLabel", RecorderAsync),
    ];

    private static async Task OfferAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var sent = Sent.Call("offer");

        var result = await host.DeliverAsync(sent).ConfigureAwait(false);
        await host.Diary.HasAsync("first Offered A").ConfigureAwait(false);

        Expect.Equal(result.Outcome, IntakeOutcome.Stored, "The outcome");
        Expect.True(result.ShouldAcknowledge, "what is kept is acknowledged");
        var told = host.Diary.Events[0];
        Expect.Equal(told.Attempt, 1, "The attempt");
        Expect.Equal(told.Decision, CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true), "The decision");
        Expect.Equal(told.Notification!.RawStatus, sent.RawStatus, "The status");
        Expect.Equal(told.Caller.ChatId, sent.From, "The caller");
        Expect.True(told.IsLive, "somebody rings now");
    }

    private static async Task ScenariosAsync(ConformanceHost host)
    {
        foreach (var (scenario, told) in ((CallScenario, string)[])
            [
                (CallScenario.Ignore, ""), (CallScenario.OfferOnly, "Offered"), (CallScenario.ResultOnly, "Answered"), (CallScenario.AllStatuses, "Offered Answered"),
            ])
        {
            await host.StartAsync(options: options => options.Scenario = scenario).ConfigureAwait(false);
            var id = $"{scenario}";
            await host.DeliverAsync(Sent.Call("offer", id)).ConfigureAwait(false);
            await host.DeliverAsync(Sent.Call("pickUp", id)).ConfigureAwait(false);
            if (told.Length > 0)
            {
                await host.Diary.HasAsync($"first {told.Split(' ')[^1]} {id}").ConfigureAwait(false);
            }

            await host.StopAsync().ConfigureAwait(false);
            var lines = host.Diary.Of("first").Where(line => line.EndsWith($" {id}", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]);
            Expect.Equal(string.Join(' ', lines), told, $"What is told under {scenario}");
        }
    }

    private static async Task TrackedAsync(ConformanceHost host)
    {
        await host.StartAsync(options: options => options.Scenario = CallScenario.ResultOnly).ConfigureAwait(false);

        Expect.Equal((await host.DeliverAsync(Sent.Call("offer")).ConfigureAwait(false)).Outcome, IntakeOutcome.Tracked, "The offer");
        Expect.Equal((await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false)).Outcome, IntakeOutcome.Stored, "The outcome");
        await host.Diary.HasAsync("first Missed A").ConfigureAwait(false);

        Expect.True(host.Diary.Events[0].Call.OfferedAt is not null, "the call knows its offer, which nobody was told of");
    }

    private static async Task ClientGoesAwayAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var go = new TaskCompletionSource();
        host.Diary.Script = (_, _, _) => go.Task;
        using var client = new CancellationTokenSource();

        var first = host.Intake.AcceptAsync(Sent.Call("declined"), client.Token).AsTask();
        await client.CancelAsync().ConfigureAwait(false);
        await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var again = host.DeliverAsync(Sent.Call("declined"));
        go.SetResult();
        await again.ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed A").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Lines(host.Diary.Lines, "first Missed A");
    }

    private static async Task RecorderAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddChatRecorder<DiaryRecorder>(), options => options.Scenario = CallScenario.ResultOnly).ConfigureAwait(false);

        await host.DeliverAsync(Sent.Call("offer")).ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("hungUp")).ConfigureAwait(false);
        await host.Diary.HasAsync("record").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Lines(host.Diary.Lines, "record MissedCall A");
    }
}
