using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>In order per call and handler, in parallel otherwise.</summary>
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
        foreach (var call in host.Recorder.Events.GroupBy(told => told.Call.Key.IdMessage))
        {
            Expect.Equal(call.Last().Kind, CallEventKind.Answered, $"The last event of {call.Key}");
            Expect.Equal(call.Last().Call.Outcome, CallOutcome.Answered, $"The outcome of {call.Key}");
            Expect.True(call.Zip(call.Skip(1)).All(pair => pair.First.Call.Version <= pair.Second.Call.Version), $"{call.Key} never goes back");
        }

        Expect.Equal(host.Recorder.Events.Select(told => told.Call.Key).Distinct().Count(), orders.Length, "Calls");
    }

    private static async Task LaterEventWaitsAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var isDown = true;
        var tried = new TaskCompletionSource();
        host.Recorder.HandlerBehavior = (_, told, _) =>
        {
            if (told.Kind != CallEventKind.Offered || !Volatile.Read(ref isDown))
            {
                return Task.CompletedTask;
            }

            tried.TrySetResult();
            throw new InvalidOperationException("The CRM is down.");
        };

        var offer = host.DeliverAsync(TestNotifications.CreateCall("offer"));
        await tried.Task.ConfigureAwait(false);
        var answer = host.DeliverAsync(TestNotifications.CreateCall("pickUp"));
        Volatile.Write(ref isDown, false);
        await Task.WhenAll(offer, answer).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Answered").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Offered A", "first Answered A");
    }

    private static async Task CallsRunInParallelAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var go = new TaskCompletionSource();
        host.Recorder.HandlerBehavior = (_, told, _) => told.Call.Key.IdMessage == "stuck" ? go.Task : Task.CompletedTask;

        var stuck = host.DeliverAsync(TestNotifications.CreateCall("declined", "stuck"));
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "free")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed free").ConfigureAwait(false);
        Expect.Entries(host.Recorder.Entries, "first Missed free");

        go.SetResult();
        await stuck.ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed stuck").ConfigureAwait(false);
    }

    private static async Task HandlersAreIsolatedAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddHandler<FirstHandler>(FirstHandler.Name).AddHandler<SecondHandler>(SecondHandler.Name)).ConfigureAwait(false);
        var failures = 0;
        host.Recorder.HandlerBehavior = (who, _, _) => who == FirstHandler.Name && Interlocked.Increment(ref failures) <= 2
            ? throw new InvalidOperationException("Not yet.")
            : Task.CompletedTask;

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("second Missed").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Equal(host.Recorder.EntriesOf(SecondHandler.Name).Length, 1, "Runs of the other handler");
        Expect.Equal(host.Recorder.EntriesOf(FirstHandler.Name).Length, 1, "Successes of the failing handler");
    }

    private static async Task InstancesAreIsolatedAsync(ConformanceHost host)
    {
        await host.StartAsync(options: options => options.MaxConcurrentAttemptsPerInstance = 2).ConfigureAwait(false);
        var go = new TaskCompletionSource();
        var atWork = 0;
        var most = 0;
        host.Recorder.HandlerBehavior = async (_, told, _) =>
        {
            if (told.Call.Key.IdInstance == TestNotifications.IdInstance)
            {
                most = Math.Max(most, Interlocked.Increment(ref atWork));
                await go.Task.ConfigureAwait(false);
                Interlocked.Decrement(ref atWork);
            }
        };

        var busy = Enumerable.Range(0, 100).Select(i => host.DeliverAsync(TestNotifications.CreateCall("declined", $"busy{i}"))).ToArray();
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "other", instance: 1101000002)).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed other").ConfigureAwait(false);
        go.SetResult();
        await Task.WhenAll(busy).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed busy", 100).ConfigureAwait(false);

        Expect.True(most <= 2, $"no more than two of an instance at once, but there were {most}");
    }
}
