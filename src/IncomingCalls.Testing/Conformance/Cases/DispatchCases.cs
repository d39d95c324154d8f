using System.Collections.Concurrent;
using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about the dispatch of a backlog: no attempt runs twice, and a slow handler delays only itself.</summary>
internal static class DispatchCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Dispatch_BacklogWithRetries_NoAttemptRunsTwice", AttemptsAreNotRepeatedAsync),
        new("Dispatch_HandlerHangs_OtherHandlerOfTheInstanceRuns", HandlersOfAnInstanceAreIsolatedAsync),
    ];

    /// <summary>
    /// One slot per handler and hundreds of calls whose retries are due at once: nearly every attempt is preceded by a load of calls and
    /// followed by a commit. If a load returned a state from before a commit that was reported earlier, the inbox would repeat an attempt.
    /// </summary>
    private static async Task AttemptsAreNotRepeatedAsync(ConformanceHost host)
    {
        const int calls = 200;
        const int failures = 3;
        var attempts = new ConcurrentDictionary<(string Handler, string EventId, int Attempt), int>();
        host.Recorder.HandlerBehavior = async (handler, callEvent, _) =>
        {
            attempts.AddOrUpdate((handler, callEvent.Id, callEvent.Attempt), 1, static (_, count) => count + 1);
            await Task.Yield();
            if (callEvent.Attempt <= failures)
            {
                throw new CallEventRetryException(TimeSpan.Zero);
            }
        };
        await host.StartAsync(
            static calls => calls.AddHandler<FirstHandler>(FirstHandler.Name).AddHandler<SecondHandler>(SecondHandler.Name),
            static options => options.MaxConcurrentAttemptsPerInstance = 1).ConfigureAwait(false);

        await Task.WhenAll(Enumerable.Range(0, calls).Select(async i =>
        {
            await host.DeliverAsync(TestNotifications.CreateCall("offer", $"c{i}")).ConfigureAwait(false);
            await host.DeliverAsync(TestNotifications.CreateCall("pickUp", $"c{i}")).ConfigureAwait(false);
        })).ConfigureAwait(false);
        foreach (var handler in (string[])[FirstHandler.Name, SecondHandler.Name])
        {
            await host.Recorder.WaitForEntriesAsync($"{handler} Offered", calls).ConfigureAwait(false);
            await host.Recorder.WaitForEntriesAsync($"{handler} Answered", calls).ConfigureAwait(false);
        }

        await host.StopAsync().ConfigureAwait(false);

        var repeated = attempts.Where(static attempt => attempt.Value > 1).Select(static attempt => $"{attempt.Key} × {attempt.Value}").ToArray();
        Expect.Equal(repeated.Length, 0, $"Attempts that ran more than once ({string.Join(", ", repeated.Take(5))})");
        Expect.Equal(attempts.Count, calls * 2 * 2 * (failures + 1), "Attempts");
    }

    private static async Task HandlersOfAnInstanceAreIsolatedAsync(ConformanceHost host)
    {
        const int calls = 100;
        var release = new TaskCompletionSource();
        host.Recorder.HandlerBehavior = (handler, _, _) => handler == FirstHandler.Name ? release.Task : Task.CompletedTask;
        await host.StartAsync(
            static calls => calls.AddHandler<FirstHandler>(FirstHandler.Name).AddHandler<SecondHandler>(SecondHandler.Name),
            static options => options.MaxConcurrentAttemptsPerInstance = 2).ConfigureAwait(false);

        var delivered = Enumerable.Range(0, calls).Select(i => host.DeliverAsync(TestNotifications.CreateCall("declined", $"c{i}"))).ToArray();
        await host.Recorder.WaitForEntriesAsync("second Missed", calls).ConfigureAwait(false);
        Expect.Equal(host.Recorder.EntriesOf(FirstHandler.Name).Length, 0, "Events that the hanging handler has handled");

        release.SetResult();
        await Task.WhenAll(delivered).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed", calls).ConfigureAwait(false);
    }
}
