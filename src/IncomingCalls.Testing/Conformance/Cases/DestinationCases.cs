using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about destinations that are unavailable or ask for a delay. Each instance is a portal of its own; portals whose name begins with "down" are unavailable.</summary>
internal static class DestinationCases
{
    private const long DownInstance = TestNotifications.IdInstance;
    private const long UpInstance = TestDeadLetters.OtherInstance;
    private const string Down = "down";

    private static readonly TimeSpan ProbeDelay = TimeSpan.FromMilliseconds(300);

    public static InboxConformanceCase[] All { get; } =
    [
        new("Destination_Unavailable_IsProbedByOneDeliveryUntilItIsAvailable", ProbeAsync, isForDurable: true),
        new("Destination_Unavailable_DelaysNoOther", OtherDestinationAsync, isForDurable: true),
        new("Destination_NamedByTheExceptionOnly_HoldsThatDelivery", UnnamedAsync, isForDurable: true),
        new("Destination_Unavailable_IsPausedAfterARestart", RestartAsync, isForDurable: true),
        new("Destination_OutlastsMaxPause_BecomesADeadLetterThatCanBeReplayed", MaxPauseAsync, isForDurable: true),
        new("Destination_AsksForADelay_IsNotCalledMeanwhile", DelayAsync, isForDurable: true),
        new("Destination_ReplayWhileItIsPaused_Waits", ReplayAsync, isForDurable: true),
        new("Destination_FunctionThrows_EventIsHandled", ThrowingFunctionAsync),
    ];

    private static async Task ProbeAsync(ConformanceHost host)
    {
        List<int> attempts = [];
        var isDown = true;
        var gate = new Lock();
        host.Recorder.HandlerBehavior = (_, callEvent, _) =>
        {
            lock (gate)
            {
                attempts.Add(callEvent.Attempt);
                return isDown ? throw new DestinationUnavailableException(Down, ProbeDelay) : Task.CompletedTask;
            }
        };
        await StartAsync(host).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "A")).ConfigureAwait(false);
        await Expect.EventuallyAsync(() => new(Count() >= 1), "the first attempt").ConfigureAwait(false);
        foreach (var id in (string[])["B", "C", "D"])
        {
            await host.DeliverAsync(TestNotifications.CreateCall("declined", id)).ConfigureAwait(false);
        }

        // Six attempts: without a pause, three retries would have failed by then, and each delivery would be a dead letter.
        await Expect.EventuallyAsync(() => new(Count() >= 6), "six probes").ConfigureAwait(false);
        var started = TimeProvider.System.GetTimestamp();
        lock (gate)
        {
            isDown = false;
        }

        foreach (var id in (string[])["A", "B", "C", "D"])
        {
            await host.Recorder.WaitForEntriesAsync($"first Missed {id}").ConfigureAwait(false);
        }

        Expect.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10), "the deliveries continue when the destination is available");
        Expect.Equal(host.Recorder.Entries.Count, 4, "The number of handled events");
        Expect.Equal(attempts.Max(), 1, "The highest number of an attempt, since none has counted");
        Expect.Equal((await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count, 0, "The number of dead letters");

        int Count()
        {
            lock (gate)
            {
                return attempts.Count;
            }
        }
    }

    private static async Task OtherDestinationAsync(ConformanceHost host)
    {
        host.Recorder.HandlerBehavior = static (_, callEvent, _) =>
            callEvent.Call.Key.IdInstance == DownInstance ? throw new DestinationUnavailableException(Down, TimeSpan.FromHours(1)) : Task.CompletedTask;
        await StartAsync(host).ConfigureAwait(false);
        for (var i = 0; i < 50; i++)
        {
            await host.DeliverAsync(TestNotifications.CreateCall("declined", $"D{i}")).ConfigureAwait(false);
        }

        await host.DeliverAsync(TestNotifications.CreateCall("declined", "A", UpInstance)).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Missed A");
    }

    private static async Task UnnamedAsync(ConformanceHost host)
    {
        var calls = 0;
        host.Recorder.HandlerBehavior = (_, callEvent, _) => callEvent.Call.Key.IdMessage == "A" && Interlocked.Increment(ref calls) <= 2
            ? throw new DestinationUnavailableException("portal-7", ProbeDelay)
            : Task.CompletedTask;
        await host.StartAsync().ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("declined", "A")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "B")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed B").ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.Equal(Volatile.Read(ref calls), 3, "The number of attempts of the delivery");
        Expect.Equal(host.Recorder.Events[^1].Attempt, 1, "The number of the last attempt");
    }

    private static async Task RestartAsync(ConformanceHost host)
    {
        host.Recorder.HandlerBehavior = static (_, callEvent, _) =>
            callEvent.Call.Key.IdInstance == DownInstance ? throw new DestinationUnavailableException(Down, TimeSpan.FromHours(1)) : Task.CompletedTask;
        await StartAsync(host).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "A")).ConfigureAwait(false);
        await Expect.EventuallyAsync(() => IsPausedAsync(host), "the destination is paused").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        host.Recorder.HandlerBehavior = static (_, _, _) => Task.CompletedTask;
        await StartAsync(host).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "B", UpInstance)).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed B").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Missed B");
        Expect.True(await IsPausedAsync(host).ConfigureAwait(false), "the pause has survived the restart");

        Expect.Equal(await host.Administration.EndPausesAsync(FirstHandler.Name, Down, "operator").ConfigureAwait(false), 1, "The number of ended pauses");
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.True(!await IsPausedAsync(host).ConfigureAwait(false), "the operator has ended the pause");
        Expect.Equal((await host.Administration.ListAdministrationLogAsync().ConfigureAwait(false))[0].PerformedBy, "operator", "Who has ended the pause");
    }

    private static async Task MaxPauseAsync(ConformanceHost host)
    {
        host.Recorder.HandlerBehavior = static (_, _, _) => throw new DestinationUnavailableException(Down, TimeSpan.FromMilliseconds(50));
        await StartAsync(host, static options => options.MaxPause = TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        foreach (var id in (string[])["A", "B", "C"])
        {
            await host.DeliverAsync(TestNotifications.CreateCall("declined", id)).ConfigureAwait(false);
        }

        await Expect.EventuallyAsync(async () => (await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count == 3, "three dead letters").ConfigureAwait(false);
        host.Recorder.HandlerBehavior = static (_, _, _) => Task.CompletedTask;
        // Events that have waited for so long would become dead letters again until a probe has succeeded.
        await host.Administration.EndPausesAsync().ConfigureAwait(false);
        await host.Administration.ReplayDeadLettersAsync().ConfigureAwait(false);
        foreach (var id in (string[])["A", "B", "C"])
        {
            await host.Recorder.WaitForEntriesAsync($"first Missed {id}").ConfigureAwait(false);
        }
    }

    private static async Task DelayAsync(ConformanceHost host)
    {
        var delay = TimeSpan.FromSeconds(1);
        var gate = new Lock();
        long? refusedAt = null;
        List<TimeSpan> laterAttempts = [];
        host.Recorder.HandlerBehavior = (_, _, _) =>
        {
            lock (gate)
            {
                if (refusedAt is null)
                {
                    refusedAt = TimeProvider.System.GetTimestamp();
                    throw new CallEventRetryException(delay, Down);
                }

                laterAttempts.Add(TimeProvider.System.GetElapsedTime(refusedAt.Value));
                return Task.CompletedTask;
            }
        };
        await StartAsync(host).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("declined", "A")).ConfigureAwait(false);
        await Expect.EventuallyAsync(() => IsPausedAsync(host), "the destination is paused").ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "B")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed", 2).ConfigureAwait(false);

        // A store with milliseconds may round the time down.
        Expect.True(laterAttempts.TrueForAll(elapsed => elapsed >= delay - TimeSpan.FromMilliseconds(50)), "no attempt before the delay is over");
        Expect.Equal(host.Recorder.Events.Max(static callEvent => callEvent.Attempt), 1, "The highest number of an attempt, since none has counted");
    }

    private static async Task ReplayAsync(ConformanceHost host)
    {
        var attempts = 0;
        host.Recorder.HandlerBehavior = (_, callEvent, _) => callEvent.Call.Key.IdMessage != "A" ? throw new DestinationUnavailableException(Down, TimeSpan.FromHours(1))
            : Interlocked.Increment(ref attempts) == 1 ? throw new CallEventRejectedException("No such customer.")
            : Task.CompletedTask;
        await StartAsync(host).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "A")).ConfigureAwait(false);
        await Expect.EventuallyAsync(async () => (await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count == 1, "a dead letter").ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "B")).ConfigureAwait(false);
        await Expect.EventuallyAsync(() => IsPausedAsync(host), "the destination is paused").ConfigureAwait(false);

        await host.Administration.ReplayDeadLettersAsync().ConfigureAwait(false);
        await Expect.EventuallyAsync(async () => (await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count == 0, "the replay").ConfigureAwait(false);
        // An event that follows it to another destination shows that the inbox has looked for due work.
        host.Recorder.HandlerBehavior = static (_, _, _) => Task.CompletedTask;
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "C", UpInstance)).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed C").ConfigureAwait(false);
        Expect.Entries(host.Recorder.Entries, "first Missed C");

        await host.Administration.EndPausesAsync().ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);
    }

    private static async Task ThrowingFunctionAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddHandler<FirstHandler>(static options =>
        {
            options.Name = FirstHandler.Name;
            options.Destination = static _ => throw new InvalidOperationException("This function fails on purpose.");
            options.RateLimit = new() { Permits = 100, Period = TimeSpan.FromSeconds(1), Partition = static _ => "a\nb" };
        })).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);
    }

    private static async ValueTask<bool> IsPausedAsync(ConformanceHost host) =>
        (await host.Administration.ListPausesAsync().ConfigureAwait(false)).Any(static pause => pause is { Handler: FirstHandler.Name, Destination: Down });

    private static Task StartAsync(ConformanceHost host, Action<CallHandlerOptions>? configure = null) => host.StartAsync(calls => calls.AddHandler<FirstHandler>(options =>
    {
        options.Name = FirstHandler.Name;
        options.Destination = static callEvent => callEvent.Call.Key.IdInstance == DownInstance ? Down : "up";
        configure?.Invoke(options);
    }));
}
