using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about operator alerts: they are raised at once, do not delay handlers, and expire with the call.</summary>
internal static class AlertCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Alert_HandlerHangs_IsRaised", AlertIsImmediateAsync),
        new("Alert_OutcomeIsOnlyTracked_IsWithdrawn", AlertIsWithdrawnAsync),
        new("Alert_NotifierFailsOnce_IsRetried", AlertIsRetriedAsync),
        new("Alert_NotifierAlwaysFails_CallIsHandledAndNothingIsPending", AlertExpiresAsync),
        new("Alert_OfferIsOld_IsNotRaised", LateOfferRaisesNoAlertAsync),
    ];

    private static async Task AlertIsImmediateAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        var release = new TaskCompletionSource();
        host.Recorder.HandlerBehavior = (_, _, _) => release.Task;

        var offer = host.DeliverAsync(TestNotifications.CreateCall("offer"));
        await host.Recorder.WaitForEntriesAsync("raise A").ConfigureAwait(false);
        Expect.Entries(host.Recorder.Entries, "raise A");

        release.SetResult();
        await offer.ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Offered A").ConfigureAwait(false);
    }

    private static async Task AlertIsWithdrawnAsync(ConformanceHost host)
    {
        await StartAsync(host, options => options.Scenario = CallScenario.OfferOnly).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("raise A").ConfigureAwait(false);
        var outcome = await host.DeliverAsync(TestNotifications.CreateCall("pickUp")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("withdraw A").ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Offered A").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Equal(outcome.Outcome, IntakeOutcome.Tracked, "The outcome");
        Expect.Equal(host.Recorder.EntriesOf("first").Length, 1, "Events of the handler");
    }

    private static async Task AlertIsRetriedAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        var failures = 0;
        host.Recorder.NotifierBehavior = (_, _, _) => Interlocked.Increment(ref failures) == 1 ? throw new InvalidOperationException("The screen is not available.") : Task.CompletedTask;

        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("raise A").ConfigureAwait(false);

        Expect.Equal(failures, 2, "Attempts");
    }

    private static async Task AlertExpiresAsync(ConformanceHost host)
    {
        await StartAsync(host, options => options.AlertWindow = TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        host.Recorder.NotifierBehavior = (_, _, _) => throw new InvalidOperationException("The screen is not available.");

        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Offered A", "first Missed A");
        if (host.Services.GetService(typeof(ICallInboxAdministration)) is ICallInboxAdministration administration)
        {
            await Expect.EventuallyAsync(async () => (await administration.GetStatisticsAsync().ConfigureAwait(false)).Depth == 0, "no delivery is pending").ConfigureAwait(false);
            Expect.Equal((await administration.GetStatisticsAsync().ConfigureAwait(false)).DeadLetters, 0, "Dead letters");
        }
    }

    private static async Task LateOfferRaisesNoAlertAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("offer", age: TimeSpan.FromMinutes(2))).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Offered A").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Offered A");
        Expect.True(!host.Recorder.Events[0].IsLive, "an old offer is not live");
    }

    private static Task StartAsync(ConformanceHost host, Action<IncomingCallsOptions>? options = null) =>
        host.StartAsync(static calls => calls.AddHandler<FirstHandler>(FirstHandler.Name).AddOperatorNotifier<RecordingNotifier>(), options);
}
