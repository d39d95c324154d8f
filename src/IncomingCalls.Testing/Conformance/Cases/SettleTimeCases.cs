using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about <see cref="CallHandlerOptions.UnansweredSettleTime"/>.</summary>
internal static class SettleTimeCases
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    /// <summary>Long enough for two notifications, also with an inbox that has just started.</summary>
    private static readonly TimeSpan Medium = TimeSpan.FromSeconds(2);

    public static InboxConformanceCase[] All { get; } =
    [
        new("SettleTime_CallIsAnsweredMeanwhile_IsDeliveredAsAnswered", AnsweredAsync, isForDurable: true),
        new("SettleTime_OutcomeIsRaisedToUnanswered_IsDeliveredOnceInTheTimeOfTheFirst", DroppedAsync, isForDurable: true),
        new("SettleTime_IsOver_DeliversTheUnansweredCall", OverAsync, isForDurable: true),
        new("SettleTime_OfOneHandler_DoesNotDelayAnother", OtherHandlerAsync, isForDurable: true),
        new("SettleTime_HandlerDoesNotReceiveTheAnswer_DeliversNothing", KindsAsync, isForDurable: true),
        new("SettleTime_Restart_Continues", RestartAsync, isForDurable: true),
    ];

    private static async Task AnsweredAsync(ConformanceHost host)
    {
        await StartAsync(host, Long).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("pickUp")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Answered").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Answered A");
        Expect.Equal(host.Recorder.Events[0].PreviousOutcome, CallOutcome.None, "The previous outcome of a handler that has received none");
    }

    private static async Task DroppedAsync(ConformanceHost host)
    {
        await StartAsync(host, Medium).ConfigureAwait(false);
        var started = TimeProvider.System.GetTimestamp();

        await host.DeliverAsync(TestNotifications.CreateCall("missed")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("hungUp")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Dropped").ConfigureAwait(false);

        Expect.True(TimeProvider.System.GetElapsedTime(started) >= Medium, "the settle time has elapsed");
        Expect.Entries(host.Recorder.Entries, "first Dropped A");
        Expect.Equal(host.Recorder.Events[0].PreviousOutcome, CallOutcome.None, "The previous outcome of a handler that has received none");
    }

    private static async Task OverAsync(ConformanceHost host)
    {
        await StartAsync(host, TimeSpan.FromMilliseconds(200)).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("pickUp")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Answered").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Missed A", "first Answered A");
        Expect.Equal(host.Recorder.Events[1].PreviousOutcome, CallOutcome.Missed, "The previous outcome of a handler that has received it");
    }

    private static async Task OtherHandlerAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls
            .AddHandler<FirstHandler>(static options => (options.Name, options.UnansweredSettleTime) = (FirstHandler.Name, Long))
            .AddHandler<SecondHandler>(SecondHandler.Name)).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("second Missed").ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("pickUp")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Answered").ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("second Answered").ConfigureAwait(false);

        Expect.Equal(string.Join(" | ", host.Recorder.EntriesOf("second")), "Missed A | Answered A", "The entries of the handler without a settle time");
        Expect.Equal(string.Join(" | ", host.Recorder.EntriesOf("first")), "Answered A", "The entries of the handler with a settle time");
    }

    private static async Task KindsAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddHandler<FirstHandler>(static options =>
            (options.Name, options.UnansweredSettleTime, options.Kinds) = (FirstHandler.Name, Medium, [CallEventKind.Missed]))).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("pickUp")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "B")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed B").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Missed B");
    }

    private static async Task RestartAsync(ConformanceHost host)
    {
        await StartAsync(host, Long).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await StartAsync(host, Long).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("pickUp")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Answered").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Answered A");
    }

    private static Task StartAsync(ConformanceHost host, TimeSpan settleTime) => host.StartAsync(calls =>
        calls.AddHandler<FirstHandler>(options => (options.Name, options.UnansweredSettleTime) = (FirstHandler.Name, settleTime)));
}
