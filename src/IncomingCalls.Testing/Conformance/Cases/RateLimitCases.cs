using System.Collections.Concurrent;
using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about <see cref="CallHandlerOptions.RateLimit"/>.</summary>
internal static class RateLimitCases
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static InboxConformanceCase[] All { get; } =
    [
        new("RateLimit_ManyEvents_AttemptsAreSpread", SpreadAsync, isForDurable: true),
        new("RateLimit_OfOnePartition_DelaysNoOther", PartitionAsync, isForDurable: true),
        new("RateLimit_OfOneHandler_DelaysNoOther", OtherHandlerAsync, isForDurable: true),
    ];

    private static async Task SpreadAsync(ConformanceHost host)
    {
        const int Burst = 3;
        const int Calls = 10;
        var times = RecordTimes(host);
        await StartAsync(host, new() { Permits = 5, Period = TimeSpan.FromSeconds(1), Burst = Burst }).ConfigureAwait(false);
        var startedAt = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => host.DeliverAsync(TestNotifications.CreateCall("declined", $"A{i}")))).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed", Calls).ConfigureAwait(false);

        // The first ones use the burst, and each further one needs another interval. An attempt may start late on a busy machine, and the next one then follows it sooner.
        long[] ordered = [.. times.Order()];
        for (var i = Burst; i < Calls; i++)
        {
            var elapsed = TimeProvider.System.GetElapsedTime(startedAt, ordered[i]);
            Expect.True(elapsed >= (i - Burst + 1) * Interval - (Interval / 10), $"{i + 1} attempts take longer than {elapsed.TotalMilliseconds} ms");
        }

        Expect.True(TimeProvider.System.GetElapsedTime(ordered[0], ordered[^1]) < Interval * Calls * 3, "the permits are used");
    }

    private static async Task PartitionAsync(ConformanceHost host)
    {
        await StartAsync(host, new() { Permits = 1, Period = TimeSpan.FromHours(1), Partition = static callEvent => $"portal-{callEvent.Call.Key.IdInstance}" }).ConfigureAwait(false);
        for (var i = 0; i < 20; i++)
        {
            await host.DeliverAsync(TestNotifications.CreateCall("declined", $"B{i}")).ConfigureAwait(false);
        }

        await host.DeliverAsync(TestNotifications.CreateCall("declined", "A", TestDeadLetters.OtherInstance)).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.Equal(host.Recorder.Entries.Count(static entry => entry.StartsWith("first Missed B", StringComparison.Ordinal)), 1, "The number of attempts of the busy partition");
    }

    private static async Task OtherHandlerAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls
            .AddHandler<FirstHandler>(static options => (options.Name, options.RateLimit) = (FirstHandler.Name, new() { Permits = 1, Period = TimeSpan.FromHours(1) }))
            .AddHandler<SecondHandler>(SecondHandler.Name)).ConfigureAwait(false);
        for (var i = 0; i < 50; i++)
        {
            await host.DeliverAsync(TestNotifications.CreateCall("declined", $"A{i}")).ConfigureAwait(false);
        }

        await host.Recorder.WaitForEntriesAsync("second Missed", 50).ConfigureAwait(false);

        Expect.True(host.Recorder.EntriesOf("first").Length <= 1, "at most one attempt of the limited handler");
    }

    private static ConcurrentBag<long> RecordTimes(ConformanceHost host)
    {
        ConcurrentBag<long> times = [];
        host.Recorder.HandlerBehavior = (_, _, _) =>
        {
            times.Add(TimeProvider.System.GetTimestamp());
            return Task.CompletedTask;
        };
        return times;
    }

    private static Task StartAsync(ConformanceHost host, CallHandlerRateLimit limit) =>
        host.StartAsync(calls => calls.AddHandler<FirstHandler>(options => (options.Name, options.RateLimit) = (FirstHandler.Name, limit)));
}
