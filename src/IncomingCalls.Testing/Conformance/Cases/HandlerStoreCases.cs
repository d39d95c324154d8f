using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about the values of handlers while a host runs.</summary>
internal static class HandlerStoreCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("HandlerStore_AttemptFails_NextAttemptFindsTheValue", FailAfterSaveAsync),
        new("HandlerStore_SameKeyOfTwoHandlers_HasTwoValues", TwoHandlersAsync),
        new("HandlerStore_KeysDiffer_HaveTheirOwnValues", KeysAsync),
        new("HandlerStore_SavedTwice_HasTheLastValue", ReplaceAsync),
        new("HandlerStore_SeveralAttemptsReserve_OneSucceeds", ReserveAtOnceAsync),
        new("HandlerStore_KeyHasAValue_IsNotReserved", ReserveSavedAsync),
        new("HandlerStore_ValueAndReservationExpire_AreGone", ExpireAsync),
        new("HandlerStore_AttemptIsAbandoned_SavesNothing", AbandonAsync),
        new("HandlerStore_RecorderAndNotifier_HaveValues", RecorderAndNotifierAsync),
    ];

    private static async Task FailAfterSaveAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        List<string?> found = [];
        host.Recorder.StoringBehavior = async (context, cancellationToken) =>
        {
            found.Add(await context.Store.GetAsync(context.Key, cancellationToken).ConfigureAwait(false));
            await context.Store.SaveAsync(context.Key, $"record {context.Event.Attempt}", cancellationToken).ConfigureAwait(false);
            Expect.Equal(await context.Store.GetAsync(context.Key, cancellationToken).ConfigureAwait(false), $"record {context.Event.Attempt}", "The value in the same attempt");
            if (context.Event.Attempt == 1)
            {
                throw new InvalidOperationException("The CRM is not available.");
            }
        };

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.Equal(string.Join(" | ", found.Select(static value => value ?? "nothing")), "nothing | record 1", "The values that the attempts have found");
    }

    private static async Task TwoHandlersAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddHandler<FirstStoringHandler>(FirstHandler.Name).AddHandler<SecondStoringHandler>(SecondHandler.Name)).ConfigureAwait(false);
        host.Recorder.StoringBehavior = async (context, cancellationToken) =>
        {
            if (context.Event.Kind == CallEventKind.Offered)
            {
                await context.Store.SaveAsync(context.Key, context.Handler, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                Expect.Equal(await context.Store.GetAsync(context.Key, cancellationToken).ConfigureAwait(false), context.Handler, "The value of the handler");
            }
        };

        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Offered").ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("second Offered").ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("second Missed").ConfigureAwait(false);
    }

    private static async Task KeysAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        host.Recorder.StoringBehavior = static async (context, cancellationToken) =>
        {
            var (call, person) = (context.Event.Call, context.Event.Person!);
            HandlerKey[] keys =
            [
                HandlerKey.Call(call), HandlerKey.Call(call, "task"), HandlerKey.Call(call with { Key = new(call.Key.IdInstance + 1, call.Key.IdMessage) }), HandlerKey.Person(person), HandlerKey.Person(person, "task"),
                HandlerKey.Person(Person.Of(person.ChatId, call.Key.IdInstance, "account")!), HandlerKey.Named(call.Key.IdMessage), HandlerKey.Named("задача 🙂"), HandlerKey.Named(new('x', HandlerKey.MaxTextBytes)),
            ];
            for (var i = 0; i < keys.Length; i++)
            {
                await context.Store.SaveAsync(keys[i], $"{i} ü🙂", cancellationToken).ConfigureAwait(false);
            }

            for (var i = 0; i < keys.Length; i++)
            {
                Expect.Equal(await context.Store.GetAsync(keys[i], cancellationToken).ConfigureAwait(false), $"{i} ü🙂", $"The value of key {i}");
            }

            Expect.Equal(await context.Store.GetAsync(HandlerKey.Call(call, "other"), cancellationToken).ConfigureAwait(false), null, "The value of a key that was not saved");
        };

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);
    }

    private static async Task ReplaceAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        host.Recorder.StoringBehavior = static async (context, cancellationToken) =>
        {
            string[] values = [new('a', 4_096), "", new('я', 2_048)];
            foreach (var value in values)
            {
                await context.Store.SaveAsync(context.Key, value, DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
                Expect.Equal(await context.Store.GetAsync(context.Key, cancellationToken).ConfigureAwait(false), value, "The value");
            }
        };

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);
    }

    private static async Task ReserveAtOnceAsync(ConformanceHost host)
    {
        const int Calls = 8;
        await StartAsync(host).ConfigureAwait(false);
        var reserved = 0;
        host.Recorder.StoringBehavior = async (context, cancellationToken) =>
        {
            if (await context.Store.TryReserveAsync(HandlerKey.Named("report"), InAnHour(), cancellationToken).ConfigureAwait(false))
            {
                Interlocked.Increment(ref reserved);
            }
        };

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(call => host.DeliverAsync(TestNotifications.CreateCall("declined", $"call {call}")))).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed", Calls).ConfigureAwait(false);

        Expect.Equal(reserved, 1, "Attempts that have reserved the key");
    }

    private static async Task ReserveSavedAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        host.Recorder.StoringBehavior = static async (context, cancellationToken) =>
        {
            Expect.Equal(await context.Store.TryReserveAsync(context.Key, InAnHour(), cancellationToken).ConfigureAwait(false), true, "Reserved");
            Expect.Equal(await context.Store.GetAsync(context.Key, cancellationToken).ConfigureAwait(false), null, "The value of a reservation");
            Expect.Equal(await context.Store.TryReserveAsync(context.Key, InAnHour(), cancellationToken).ConfigureAwait(false), false, "Reserved again");
            await context.Store.SaveAsync(context.Key, "sent", cancellationToken).ConfigureAwait(false);
            Expect.Equal(await context.Store.GetAsync(context.Key, cancellationToken).ConfigureAwait(false), "sent", "The value");
            Expect.Equal(await context.Store.TryReserveAsync(context.Key, InAnHour(), cancellationToken).ConfigureAwait(false), false, "Reserved although it has a value");
        };

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);
    }

    private static async Task ExpireAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        host.Recorder.StoringBehavior = static async (context, cancellationToken) =>
        {
            var reservation = HandlerKey.Call(context.Event.Call, "request");
            var expiry = TimeProvider.System.GetUtcNow().AddMilliseconds(300);
            await context.Store.SaveAsync(context.Key, "value", expiry, cancellationToken).ConfigureAwait(false);
            Expect.Equal(await context.Store.TryReserveAsync(reservation, expiry, cancellationToken).ConfigureAwait(false), true, "Reserved");
            await Expect.EventuallyAsync(async () => await context.Store.GetAsync(context.Key, cancellationToken).ConfigureAwait(false) is null, "the value expires").ConfigureAwait(false);
            await Expect.EventuallyAsync(async () => await context.Store.TryReserveAsync(reservation, InAnHour(), cancellationToken).ConfigureAwait(false), "the reservation expires").ConfigureAwait(false);
            Expect.Equal(await context.Store.TryReserveAsync(context.Key, InAnHour(), cancellationToken).ConfigureAwait(false), true, "Reserved after the value has expired");
        };

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);
    }

    private static async Task AbandonAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddHandler<FirstStoringHandler>(static options => (options.Name, options.Timeout) = (FirstHandler.Name, TimeSpan.FromSeconds(1)))).ConfigureAwait(false);
        var release = new TaskCompletionSource();
        var refused = new TaskCompletionSource<bool>();
        string? found = null;
        host.Recorder.StoringBehavior = async (context, cancellationToken) =>
        {
            if (context.Event.Attempt > 1)
            {
                release.TrySetResult();
                await refused.Task.ConfigureAwait(false);
                found = await context.Store.GetAsync(context.Key, cancellationToken).ConfigureAwait(false);
                return;
            }

            // It ignores its token.
            await release.Task.ConfigureAwait(false);
            try
            {
                await context.Store.SaveAsync(context.Key, "too late", CancellationToken.None).ConfigureAwait(false);
                refused.SetResult(false);
            }
            catch (InvalidOperationException)
            {
                refused.SetResult(true);
            }
        };

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);

        Expect.True(await refused.Task.ConfigureAwait(false), "an attempt that was abandoned cannot save");
        Expect.Equal(found, null, "The value that the next attempt finds");
    }

    private static async Task RecorderAndNotifierAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddChatRecorder<StoringChat>("chat").AddOperatorNotifier<StoringChat>("alerts")).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("raise after nothing").ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("record IncomingCall after nothing").ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("withdraw after raise").ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("record MissedCall after record IncomingCall").ConfigureAwait(false);
    }

    private static DateTimeOffset InAnHour() => TimeProvider.System.GetUtcNow().AddHours(1);

    private static Task StartAsync(ConformanceHost host) => host.StartAsync(static calls => calls.AddHandler<FirstStoringHandler>(FirstHandler.Name));
}
