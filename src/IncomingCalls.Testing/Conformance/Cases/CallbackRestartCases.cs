using IncomingCalls.Testing.Conformance.Harness;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about callbacks in which the host stops and another one starts with the same store, and about their dead letters.</summary>
internal static class CallbackRestartCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Callback_Restart_IsStillOpenAndClosedByALaterCall", OpenAsync, isForDurable: true),
        new("Callback_RestartAfterTheClosing_IsHandledWithTheSameId", ClosedAsync, isForDurable: true),
        new("Callback_ClosingRejected_IsADeadLetterThatCanBeReplayed", DeadLetterAsync, isForDurable: true),
    ];

    private static async Task OpenAsync(ConformanceHost host)
    {
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        var before = await TestCallbacks.FindAsync(host).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        var after = await TestCallbacks.FindAsync(host).ConfigureAwait(false);
        Expect.Equal((after?.Id, after?.FirstMissedAt, after?.Count), (before?.Id, before?.FirstMissedAt, before?.Count), "The callback after a restart");

        await host.DeliverCallAsync("B", "pickUp", 20).ConfigureAwait(false);
        Expect.Equal(TestCallbacks.Describe((await TestCallbacks.WaitForClosedAsync(host).ConfigureAwait(false)).Callback!.Calls), "A", "The calls that the answered one closes");
        await host.StopAsync().ConfigureAwait(false);

        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        await host.DeliverCallAsync("C", "missed", 30).ConfigureAwait(false);
        Expect.Equal(await TestCallbacks.FindAsync(host).ConfigureAwait(false), null, "The callback of a call before the answered one");
    }

    private static async Task ClosedAsync(ConformanceHost host)
    {
        CallEvent? attempted = null;
        host.Recorder.HandlerBehavior = (_, callEvent, _) =>
        {
            if (callEvent.Kind == CallEventKind.CallbackClosed)
            {
                attempted = callEvent;
                throw new CallEventRetryException(TimeSpan.FromSeconds(1));
            }

            return Task.CompletedTask;
        };
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        await host.GetCallbacks().CloseAsync(TestCallbacks.Client, "operator@desk", TimeProvider.System.GetUtcNow(), "call of the PBX").ConfigureAwait(false);
        await Expect.EventuallyAsync(() => new(attempted is not null), "the first attempt starts").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        host.Recorder.HandlerBehavior = static (_, _, _) => Task.CompletedTask;
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        var handled = await TestCallbacks.WaitForClosedAsync(host).ConfigureAwait(false);

        Expect.Equal(handled.Id, attempted!.Id, "The id of the event");
        Expect.Equal((handled.Callback!.By, handled.Callback.Note, handled.Callback.Count), ("operator@desk", "call of the PBX", 1), "The callback");
        Expect.Equal(handled.Person, TestCallbacks.Client, "The person");
        Expect.Equal(handled.Caller.ChatId, TestCallbacks.Client.ChatId, "The caller");
    }

    private static async Task DeadLetterAsync(ConformanceHost host)
    {
        host.Recorder.HandlerBehavior = static (_, callEvent, _) =>
            callEvent.Kind == CallEventKind.CallbackClosed ? throw new CallEventRejectedException("Not now.") : Task.CompletedTask;
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        await host.DeliverCallAsync("B", "pickUp", 20).ConfigureAwait(false);
        IReadOnlyList<DeadLetter> letters = [];
        await Expect.EventuallyAsync(async () => (letters = await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count == 1, "one dead letter").ConfigureAwait(false);

        Expect.Equal((letters[0].Kind, letters[0].Account), (CallEventKind.CallbackClosed, "acme"), "The dead letter");
        host.Recorder.HandlerBehavior = static (_, _, _) => Task.CompletedTask;
        await host.Administration.ReplayDeadLettersAsync().ConfigureAwait(false);
        var closed = await TestCallbacks.WaitForClosedAsync(host).ConfigureAwait(false);

        Expect.Equal(closed.Id, letters[0].EventId, "The id of the event");
        Expect.Equal(TestCallbacks.Describe(closed.Callback!.Calls), "A", "The calls that it closes");
    }
}
