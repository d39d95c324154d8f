using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>What becomes of a notification that is accepted.</summary>
internal static class AcceptanceCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Accept_Offer_IsStoredAndHandled", OfferIsStoredAndHandledAsync),
        new("Accept_EachScenario_HandlesWhatItShould", ScenarioDecidesEventsAsync),
        new("Accept_OnlyTracked_IsPartOfTheLaterEvent", TrackedOfferIsPartOfTheCallAsync),
        new("Accept_ClientDisconnects_IsHandledOnce", ClientDisconnectsAsync),
        new("Accept_Recorder_WritesOneRecordPerLabel", ChatRecordPerLabelAsync),
    ];

    private static async Task OfferIsStoredAndHandledAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var sent = TestNotifications.CreateCall("offer");

        var result = await host.DeliverAsync(sent).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Offered A").ConfigureAwait(false);

        Expect.Equal(result.Outcome, IntakeOutcome.Stored, "The outcome");
        Expect.True(result.ShouldAcknowledge, "what is kept is acknowledged");
        var told = host.Recorder.Events[0];
        Expect.Equal(told.Attempt, 1, "The attempt");
        Expect.Equal(told.Decision, CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true), "The decision");
        Expect.Equal(told.Notification!.RawStatus, sent.RawStatus, "The status");
        Expect.Equal(told.Caller.ChatId, sent.From, "The caller");
        Expect.True(told.IsLive, "somebody rings now");
    }

    private static async Task ScenarioDecidesEventsAsync(ConformanceHost host)
    {
        foreach (var (scenario, told) in ((CallScenario, string)[])
            [
                (CallScenario.Ignore, ""), (CallScenario.OfferOnly, "Offered"), (CallScenario.ResultOnly, "Answered"), (CallScenario.AllStatuses, "Offered Answered"),
            ])
        {
            await host.StartAsync(options: options => options.Scenario = scenario).ConfigureAwait(false);
            var id = $"{scenario}";
            await host.DeliverAsync(TestNotifications.CreateCall("offer", id)).ConfigureAwait(false);
            await host.DeliverAsync(TestNotifications.CreateCall("pickUp", id)).ConfigureAwait(false);
            if (told.Length > 0)
            {
                await host.Recorder.WaitForEntriesAsync($"first {told.Split(' ')[^1]} {id}").ConfigureAwait(false);
            }

            await host.StopAsync().ConfigureAwait(false);
            var lines = host.Recorder.EntriesOf("first").Where(line => line.EndsWith($" {id}", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]);
            Expect.Equal(string.Join(' ', lines), told, $"What is told under {scenario}");
        }
    }

    private static async Task TrackedOfferIsPartOfTheCallAsync(ConformanceHost host)
    {
        await host.StartAsync(options: options => options.Scenario = CallScenario.ResultOnly).ConfigureAwait(false);

        Expect.Equal((await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false)).Outcome, IntakeOutcome.Tracked, "The offer");
        Expect.Equal((await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false)).Outcome, IntakeOutcome.Stored, "The outcome");
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.True(host.Recorder.Events[0].Call.OfferedAt is not null, "the call knows its offer, which nobody was told of");
    }

    private static async Task ClientDisconnectsAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var go = new TaskCompletionSource();
        host.Recorder.HandlerBehavior = (_, _, _) => go.Task;
        using var client = new CancellationTokenSource();

        var first = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"), client.Token).AsTask();
        await client.CancelAsync().ConfigureAwait(false);
        await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var again = host.DeliverAsync(TestNotifications.CreateCall("declined"));
        go.SetResult();
        await again.ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Missed A");
    }

    private static async Task ChatRecordPerLabelAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddChatRecorder<RecordingChatRecorder>(), options => options.Scenario = CallScenario.ResultOnly).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("hungUp")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("record").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "record MissedCall A");
    }
}
