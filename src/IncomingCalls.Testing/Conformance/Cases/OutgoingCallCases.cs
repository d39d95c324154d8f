using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about <see cref="CallDirection.Outgoing"/>.</summary>
internal static class OutgoingCallCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("OutgoingCall_Accepted_ReachesOnlyHandlersThatAskForIt", DirectionsAsync),
        new("OutgoingCall_Accepted_IsNoAlert", AlertAsync),
        new("OutgoingCall_Restart_IsADuplicateAndHasItsDirection", RestartAsync, isForDurable: true),
    ];

    private static async Task DirectionsAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls
            .AddHandler<FirstHandler>(static options => (options.Name, options.Directions) = (FirstHandler.Name, [CallDirection.Incoming, CallDirection.Outgoing]))
            .AddHandler<SecondHandler>(SecondHandler.Name)).ConfigureAwait(false);

        await host.DeliverAsync(CreateCall("pickUp", "A")).ConfigureAwait(false);
        await host.DeliverAsync(CreateCall("hungUp", "B")).ConfigureAwait(false);
        await host.DeliverAsync(CreateCall("invalid", "C")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "D")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first", 4).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("second").ConfigureAwait(false);

        Expect.Equal(string.Join(" | ", host.Recorder.EntriesOf("first").Order(StringComparer.Ordinal)), "Answered A | Failed C | Missed D | NotAnswered B", "The entries of the handler of both directions");
        Expect.Equal(string.Join(" | ", host.Recorder.EntriesOf("second")), "Missed D", "The entries of the handler of incoming calls");
        Expect.True(
            host.Recorder.Events.All(static callEvent => callEvent.Call.Direction == (callEvent.Call.Key.IdMessage == "D" ? CallDirection.Incoming : CallDirection.Outgoing)),
            "each event has the direction of its call");
    }

    private static async Task AlertAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls
            .AddHandler<FirstHandler>(static options => (options.Name, options.Directions) = (FirstHandler.Name, [CallDirection.Outgoing]))
            .AddOperatorNotifier<RecordingNotifier>("alerts")).ConfigureAwait(false);

        await host.DeliverAsync(CreateCall("pickUp", "A")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Answered").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Answered A");
        Expect.True(!host.Recorder.Events[0].IsLive, "the call does not ring");
    }

    private static async Task RestartAsync(ConformanceHost host)
    {
        host.Recorder.HandlerBehavior = static (_, _, _) => throw new CallEventRetryException(TimeSpan.FromSeconds(1));
        await StartAsync(host).ConfigureAwait(false);
        await host.DeliverAsync(CreateCall("hungUp", "A")).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        host.Recorder.HandlerBehavior = static (_, _, _) => Task.CompletedTask;
        await StartAsync(host).ConfigureAwait(false);
        Expect.Equal((await host.DeliverAsync(CreateCall("hungUp", "A")).ConfigureAwait(false)).Outcome, IntakeOutcome.Duplicate, "The outcome of the redelivery");
        await host.Recorder.WaitForEntriesAsync("first NotAnswered").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first NotAnswered A");
        Expect.Equal(host.Recorder.Events[^1].Call.Direction, CallDirection.Outgoing, "The direction after a restart");
    }

    private static Task StartAsync(ConformanceHost host) => host.StartAsync(static calls => calls
        .AddHandler<FirstHandler>(static options => (options.Name, options.Directions) = (FirstHandler.Name, [CallDirection.Outgoing])));

    private static IncomingCallNotification CreateCall(string status, string id) => TestNotifications.CreateCall(status, id) with { Direction = CallDirection.Outgoing };
}
