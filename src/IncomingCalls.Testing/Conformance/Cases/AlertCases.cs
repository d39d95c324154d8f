using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing;

/// <summary>Alerts: at once, in nobody's way, and over when the call is.</summary>
internal static class AlertCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Alert_HandlerHangs_IsRaisedAllTheSame", AtOnceAsync),
        new("Alert_OutcomeIsOnlyTracked_IsWithdrawn", WithdrawnAsync),
        new("Alert_NotifierFailsOnce_IsRaisedAMomentLater", RetriedAsync),
        new("Alert_NotifierNeverSucceeds_CallIsHandledAndNothingIsLeft", NeverAsync),
        new("Alert_OfferIsOld_IsNotRaised", LateAsync),
    ];

    private static async Task AtOnceAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        var go = new TaskCompletionSource();
        host.Diary.Script = (_, _, _) => go.Task;

        var offer = host.DeliverAsync(Sent.Call("offer"));
        await host.Diary.HasAsync("raise A").ConfigureAwait(false);
        Expect.Lines(host.Diary.Lines, "raise A");

        go.SetResult();
        await offer.ConfigureAwait(false);
        await host.Diary.HasAsync("first Offered A").ConfigureAwait(false);
    }

    private static async Task WithdrawnAsync(ConformanceHost host)
    {
        await StartAsync(host, options => options.Scenario = CallScenario.OfferOnly).ConfigureAwait(false);

        await host.DeliverAsync(Sent.Call("offer")).ConfigureAwait(false);
        await host.Diary.HasAsync("raise A").ConfigureAwait(false);
        var outcome = await host.DeliverAsync(Sent.Call("pickUp")).ConfigureAwait(false);
        await host.Diary.HasAsync("withdraw A").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Equal(outcome.Outcome, IntakeOutcome.Tracked, "The outcome");
        Expect.Equal(host.Diary.Of("first").Length, 1, "Events of the handler");
    }

    private static async Task RetriedAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        var failures = 0;
        host.Diary.AlertScript = (_, _, _) => Interlocked.Increment(ref failures) == 1 ? throw new InvalidOperationException("No screen.") : Task.CompletedTask;

        await host.DeliverAsync(Sent.Call("offer")).ConfigureAwait(false);
        await host.Diary.HasAsync("raise A").ConfigureAwait(false);

        Expect.Equal(failures, 2, "Attempts");
    }

    private static async Task NeverAsync(ConformanceHost host)
    {
        await StartAsync(host, options => options.AlertWindow = TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        host.Diary.AlertScript = (_, _, _) => throw new InvalidOperationException("No screen.");

        await host.DeliverAsync(Sent.Call("offer")).ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed A").ConfigureAwait(false);

        Expect.Lines(host.Diary.Lines, "first Offered A", "first Missed A");
        if (host.Services.GetService(typeof(ICallInboxAdministration)) is ICallInboxAdministration administration)
        {
            await Expect.EventuallyAsync(async () => (await administration.GetStatisticsAsync().ConfigureAwait(false)).Depth == 0, "Nothing is owed").ConfigureAwait(false);
            Expect.Equal((await administration.GetStatisticsAsync().ConfigureAwait(false)).DeadLetters, 0, "Dead letters");
        }
    }

    private static async Task LateAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);

        await host.DeliverAsync(Sent.Call("offer", age: TimeSpan.FromMinutes(2))).ConfigureAwait(false);
        await host.Diary.HasAsync("first Offered A").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Lines(host.Diary.Lines, "first Offered A");
        Expect.True(!host.Diary.Events[0].IsLive, "nobody rings any more");
    }

    private static Task StartAsync(ConformanceHost host, Action<IncomingCallsOptions>? options = null) =>
        host.StartAsync(static calls => calls.AddHandler<FirstHandler>(FirstHandler.Name).AddOperatorNotifier<DiaryNotifier>(), options);
}
