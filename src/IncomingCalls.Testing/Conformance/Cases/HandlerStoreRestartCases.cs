using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about the values of handlers after a restart.</summary>
internal static class HandlerStoreRestartCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("HandlerStore_Restart_ValuesAndReservationsAreKept", RestartAsync, isForDurable: true),
        new("HandlerStore_StoppedBetweenSaveAndEnd_NextAttemptFindsTheValue", StopAfterSaveAsync, isForDurable: true),
        new("HandlerStore_ReplayedAfterItsExpiry_FindsTheValuesOfTheCall", ReplayAfterExpiryAsync, isForDurable: true),
    ];

    private static async Task RestartAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        host.Recorder.StoringBehavior = static async (context, cancellationToken) =>
        {
            await context.Store.SaveAsync(context.Key, "record 1", cancellationToken).ConfigureAwait(false);
            Expect.True(await TryReserveAsync(context, cancellationToken).ConfigureAwait(false), "the key is reserved");
        };
        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Offered").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        host.Recorder.StoringBehavior = static async (context, cancellationToken) =>
        {
            Expect.Equal(await context.Store.GetAsync(context.Key, cancellationToken).ConfigureAwait(false), "record 1", "The value");
            Expect.True(!await TryReserveAsync(context, cancellationToken).ConfigureAwait(false), "the reservation is kept");
        };
        await StartAsync(host).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);
    }

    private static async Task StopAfterSaveAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        var saved = new TaskCompletionSource();
        host.Recorder.StoringBehavior = async (context, cancellationToken) =>
        {
            await context.Store.SaveAsync(context.Key, "record 1", cancellationToken).ConfigureAwait(false);
            saved.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        };
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await saved.Task.WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(false);
        await host.StopAtOnceAsync().ConfigureAwait(false);

        string? found = null;
        host.Recorder.StoringBehavior = async (context, cancellationToken) => found = await context.Store.GetAsync(context.Key, cancellationToken).ConfigureAwait(false);
        await StartAsync(host).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);

        Expect.Equal(found, "record 1", "The value that the next attempt finds");
    }

    private static async Task ReplayAfterExpiryAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        DateTimeOffset expiry = default;
        host.Recorder.StoringBehavior = async (context, cancellationToken) =>
        {
            expiry = TimeProvider.System.GetUtcNow().AddSeconds(2);
            await context.Store.SaveAsync(context.Key, "record 1", expiry, cancellationToken).ConfigureAwait(false);
            await context.Store.SaveAsync(HandlerKey.Call(context.Event.Call, "expired"), "record 1", TimeProvider.System.GetUtcNow().AddHours(-1), cancellationToken).ConfigureAwait(false);
            throw new CallEventRejectedException("No such customer.");
        };
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await Expect.EventuallyAsync(async () => (await host.Administration.GetStatisticsAsync().ConfigureAwait(false)).DeadLetters == 1, "the delivery is a dead letter").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await TestDeadLetters.WaitUntilLaterAsync(expiry).ConfigureAwait(false);

        List<string?> found = [];
        host.Recorder.StoringBehavior = async (context, cancellationToken) =>
        {
            found.Add(await context.Store.GetAsync(context.Key, cancellationToken).ConfigureAwait(false));
            found.Add(await context.Store.GetAsync(HandlerKey.Call(context.Event.Call, "expired"), cancellationToken).ConfigureAwait(false));
        };
        await StartAsync(host).ConfigureAwait(false);
        Expect.Equal(await host.Administration.ReplayDeadLettersAsync().ConfigureAwait(false), 1, "Replayed");
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);

        Expect.Equal(found[0], "record 1", "The value that was valid when the delivery became a dead letter");
        Expect.Equal(found[1], null, "The value that had expired by then");
    }

    private static ValueTask<bool> TryReserveAsync(StoringContext context, CancellationToken cancellationToken) =>
        context.Store.TryReserveAsync(HandlerKey.Call(context.Event.Call, "request"), TimeProvider.System.GetUtcNow().AddHours(1), cancellationToken);

    private static Task StartAsync(ConformanceHost host) => host.StartAsync(static calls => calls.AddHandler<FirstStoringHandler>(FirstHandler.Name));
}
