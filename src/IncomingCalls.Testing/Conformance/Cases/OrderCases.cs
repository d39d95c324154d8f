using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing;

/// <summary>In order per call and handler, in parallel otherwise.</summary>
internal static class OrderCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Order_EveryOrderOfArrival_EndsInTheSameCallAndNeverGoesBack", EveryOrderAsync),
        new("Order_EarlierEventFails_LaterOneOfTheCallWaits", WaitsAsync),
        new("Order_CallIsStuck_OtherCallsAreHandled", ParallelAsync),
        new("Order_HandlerFails_OtherHandlerRunsOnce", IsolationAsync),
        new("Order_InstanceIsBusy_OtherInstancesAreHandled", FairnessAsync),
    ];

    private static async Task EveryOrderAsync(ConformanceHost host)
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
                await host.DeliverAsync(Sent.Call(status, $"o{order}")).ConfigureAwait(false);
            }
        }

        await host.Diary.HasAsync("first Answered", orders.Length).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        foreach (var call in host.Diary.Events.GroupBy(told => told.Call.Key.IdMessage))
        {
            Expect.Equal(call.Last().Kind, CallEventKind.Answered, $"The last event of {call.Key}");
            Expect.Equal(call.Last().Call.Outcome, CallOutcome.Answered, $"The outcome of {call.Key}");
            Expect.True(call.Zip(call.Skip(1)).All(pair => pair.First.Call.Version <= pair.Second.Call.Version), $"{call.Key} never goes back");
        }

        Expect.Equal(host.Diary.Events.Select(told => told.Call.Key).Distinct().Count(), orders.Length, "Calls");
    }

    private static async Task WaitsAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var isDown = true;
        var tried = new TaskCompletionSource();
        host.Diary.Script = (_, told, _) =>
        {
            if (told.Kind != CallEventKind.Offered || !Volatile.Read(ref isDown))
            {
                return Task.CompletedTask;
            }

            tried.TrySetResult();
            throw new InvalidOperationException("The CRM is down.");
        };

        var offer = host.DeliverAsync(Sent.Call("offer"));
        await tried.Task.ConfigureAwait(false);
        var answer = host.DeliverAsync(Sent.Call("pickUp"));
        Volatile.Write(ref isDown, false);
        await Task.WhenAll(offer, answer).ConfigureAwait(false);
        await host.Diary.HasAsync("first Answered").ConfigureAwait(false);

        Expect.Lines(host.Diary.Lines, "first Offered A", "first Answered A");
    }

    private static async Task ParallelAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var go = new TaskCompletionSource();
        host.Diary.Script = (_, told, _) => told.Call.Key.IdMessage == "stuck" ? go.Task : Task.CompletedTask;

        var stuck = host.DeliverAsync(Sent.Call("declined", "stuck"));
        await host.DeliverAsync(Sent.Call("declined", "free")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed free").ConfigureAwait(false);
        Expect.Lines(host.Diary.Lines, "first Missed free");

        go.SetResult();
        await stuck.ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed stuck").ConfigureAwait(false);
    }

    private static async Task IsolationAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddHandler<FirstHandler>(FirstHandler.Name).AddHandler<SecondHandler>(SecondHandler.Name)).ConfigureAwait(false);
        var failures = 0;
        host.Diary.Script = (who, _, _) => who == FirstHandler.Name && Interlocked.Increment(ref failures) <= 2
            ? throw new InvalidOperationException("Not yet.")
            : Task.CompletedTask;

        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed").ConfigureAwait(false);
        await host.Diary.HasAsync("second Missed").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Equal(host.Diary.Of(SecondHandler.Name).Length, 1, "Runs of the other handler");
        Expect.Equal(host.Diary.Of(FirstHandler.Name).Length, 1, "Successes of the failing handler");
    }

    private static async Task FairnessAsync(ConformanceHost host)
    {
        await host.StartAsync(options: options => options.ConcurrencyPerInstance = 2).ConfigureAwait(false);
        var go = new TaskCompletionSource();
        var atWork = 0;
        var most = 0;
        host.Diary.Script = async (_, told, _) =>
        {
            if (told.Call.Key.IdInstance == Sent.Instance)
            {
                most = Math.Max(most, Interlocked.Increment(ref atWork));
                await go.Task.ConfigureAwait(false);
                Interlocked.Decrement(ref atWork);
            }
        };

        var busy = Enumerable.Range(0, 100).Select(i => host.DeliverAsync(Sent.Call("declined", $"busy{i}"))).ToArray();
        await host.DeliverAsync(Sent.Call("declined", "other", instance: 1101000002)).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed other").ConfigureAwait(false);
        go.SetResult();
        await Task.WhenAll(busy).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed busy", 100).ConfigureAwait(false);

        Expect.True(most <= 2, $"no more than two of an instance at once, but there were {most}");
    }
}
