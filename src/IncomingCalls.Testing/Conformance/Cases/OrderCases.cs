using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about order and isolation: events are handled in order per call and handler, and in parallel otherwise.</summary>
internal static class OrderCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Order_EveryArrivalOrder_ProducesTheSameCall", EveryArrivalOrderAsync),
        new("Order_EarlierEventFails_LaterEventOfTheCallWaits", LaterEventWaitsAsync),
        new("Order_CallIsStuck_OtherCallsAreHandled", CallsRunInParallelAsync),
        new("Order_HandlerFails_OtherHandlerRunsOnce", HandlersAreIsolatedAsync),
        new("Order_InstanceIsBusy_OtherInstancesAreHandled", InstancesAreIsolatedAsync),
    ];

    private static async Task EveryArrivalOrderAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        string[][] orders =
        [
            ["offer", "pickUp", "declined"], ["offer", "declined", "pickUp"], ["pickUp", "offer", "declined"],
            ["pickUp", "declined", "offer"], ["declined", "offer", "pickUp"], ["declined", "pickUp", "offer"],
        ];

        for (var order = 0; order < orders.Length; order++)
        {
            foreach (var status in orders[order])
            {
                await host.DeliverAsync(TestNotifications.CreateCall(status, $"o{order}")).ConfigureAwait(false);
            }
        }

        await host.Recorder.WaitForEntriesAsync("first Answered", orders.Length).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        foreach (var call in host.Recorder.Events.GroupBy(callEvent => callEvent.Call.Key.IdMessage))
        {
            Expect.Equal(call.Last().Kind, CallEventKind.Answered, $"The last event of {call.Key}");
            Expect.Equal(call.Last().Call.Outcome, CallOutcome.Answered, $"The outcome of {call.Key}");
            Expect.True(call.Zip(call.Skip(1)).All(pair => pair.First.Call.Version <= pair.Second.Call.Version), $"the version of {call.Key} never decreases");
        }

        Expect.Equal(host.Recorder.Events.Select(callEvent => callEvent.Call.Key).Distinct().Count(), orders.Length, "Calls");
    }

    private static async Task LaterEventWaitsAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var isDown = true;
        var attempted = new TaskCompletionSource();
        host.Recorder.HandlerBehavior = (_, callEvent, _) =>
        {
            if (callEvent.Kind != CallEventKind.Offered || !Volatile.Read(ref isDown))
            {
                return Task.CompletedTask;
            }

            attempted.TrySetResult();
            throw new InvalidOperationException("The CRM is down.");
        };

        var offer = host.DeliverAsync(TestNotifications.CreateCall("offer"));
        await attempted.Task.ConfigureAwait(false);
        var answer = host.DeliverAsync(TestNotifications.CreateCall("pickUp"));
        Volatile.Write(ref isDown, false);
        await Task.WhenAll(offer, answer).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Answered").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Offered A", "first Answered A");
    }

    private static async Task CallsRunInParallelAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var release = new TaskCompletionSource();
        host.Recorder.HandlerBehavior = (_, callEvent, _) => callEvent.Call.Key.IdMessage == "stuck" ? release.Task : Task.CompletedTask;

        var stuck = host.DeliverAsync(TestNotifications.CreateCall("declined", "stuck"));
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "free")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed free").ConfigureAwait(false);
        Expect.Entries(host.Recorder.Entries, "first Missed free");

        release.SetResult();
        await stuck.ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed stuck").ConfigureAwait(false);
    }

    private static async Task HandlersAreIsolatedAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddHandler<FirstHandler>(FirstHandler.Name).AddHandler<SecondHandler>(SecondHandler.Name)).ConfigureAwait(false);
        var failures = 0;
        host.Recorder.HandlerBehavior = (handler, _, _) => handler == FirstHandler.Name && Interlocked.Increment(ref failures) <= 2
            ? throw new InvalidOperationException("Not yet.")
            : Task.CompletedTask;

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("second Missed").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Equal(host.Recorder.EntriesOf(SecondHandler.Name).Length, 1, "Attempts of the other handler");
        Expect.Equal(host.Recorder.EntriesOf(FirstHandler.Name).Length, 1, "Successful attempts of the failing handler");
    }

    private static async Task InstancesAreIsolatedAsync(ConformanceHost host)
    {
        await host.StartAsync(options: options => options.MaxConcurrentAttemptsPerInstance = 2).ConfigureAwait(false);
        var release = new TaskCompletionSource();
        var running = 0;
        var maxRunning = 0;
        host.Recorder.HandlerBehavior = async (_, callEvent, _) =>
        {
            if (callEvent.Call.Key.IdInstance == TestNotifications.IdInstance)
            {
                maxRunning = Math.Max(maxRunning, Interlocked.Increment(ref running));
                await release.Task.ConfigureAwait(false);
                Interlocked.Decrement(ref running);
            }
        };

        var busy = Enumerable.Range(0, 100).Select(i => host.DeliverAsync(TestNotifications.CreateCall("declined", $"busy{i}"))).ToArray();
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "other", instance: 1101000002)).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed other").ConfigureAwait(false);
        release.SetResult();
        await Task.WhenAll(busy).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed busy", 100).ConfigureAwait(false);

        Expect.True(maxRunning <= 2, $"at most 2 attempts of an instance run at the same time (there were {maxRunning})");
    }
}
