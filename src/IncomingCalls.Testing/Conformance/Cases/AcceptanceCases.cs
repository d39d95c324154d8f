using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about accepted notifications: they are stored, acknowledged and handled.</summary>
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
        Expect.True(result.ShouldAcknowledge, "a stored notification is acknowledged");
        var handled = host.Recorder.Events[0];
        Expect.Equal(handled.Attempt, 1, "The attempt");
        Expect.Equal(handled.Decision, CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true), "The decision");
        Expect.Equal(handled.Notification!.RawStatus, sent.RawStatus, "The status");
        Expect.Equal(handled.Caller.ChatId, sent.From, "The caller");
        Expect.True(handled.IsLive, "a call that is ringing is live");
    }

    private static async Task ScenarioDecidesEventsAsync(ConformanceHost host)
    {
        foreach (var (scenario, expected) in ((CallScenario, string)[])
            [
                (CallScenario.Ignore, ""), (CallScenario.OfferOnly, "Offered"), (CallScenario.ResultOnly, "Answered"), (CallScenario.AllStatuses, "Offered Answered"),
            ])
        {
            await host.StartAsync(options: options => options.Scenario = scenario).ConfigureAwait(false);
            var id = $"{scenario}";
            await host.DeliverAsync(TestNotifications.CreateCall("offer", id)).ConfigureAwait(false);
            await host.DeliverAsync(TestNotifications.CreateCall("pickUp", id)).ConfigureAwait(false);
            if (expected.Length > 0)
            {
                await host.Recorder.WaitForEntriesAsync($"first {expected.Split(' ')[^1]} {id}").ConfigureAwait(false);
            }

            await host.StopAsync().ConfigureAwait(false);
            var kinds = host.Recorder.EntriesOf("first").Where(entry => entry.EndsWith($" {id}", StringComparison.Ordinal)).Select(entry => entry.Split(' ')[0]);
            Expect.Equal(string.Join(' ', kinds), expected, $"The events of scenario {scenario}");
        }
    }

    private static async Task TrackedOfferIsPartOfTheCallAsync(ConformanceHost host)
    {
        await host.StartAsync(options: options => options.Scenario = CallScenario.ResultOnly).ConfigureAwait(false);

        Expect.Equal((await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false)).Outcome, IntakeOutcome.Tracked, "The offer");
        Expect.Equal((await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false)).Outcome, IntakeOutcome.Stored, "The outcome");
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.True(host.Recorder.Events[0].Call.OfferedAt is not null, "the event of the outcome contains the offer that was only tracked");
    }

    private static async Task ClientDisconnectsAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var release = new TaskCompletionSource();
        host.Recorder.HandlerBehavior = (_, _, _) => release.Task;
        using var client = new CancellationTokenSource();

        var first = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"), client.Token).AsTask();
        await client.CancelAsync().ConfigureAwait(false);
        await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var again = host.DeliverAsync(TestNotifications.CreateCall("declined"));
        release.SetResult();
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
