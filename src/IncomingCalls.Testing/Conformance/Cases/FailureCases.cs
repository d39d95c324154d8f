using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing;

/// <summary>A handler that throws, hangs, or cannot be made.</summary>
internal static class FailureCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Failure_HandlerThrowsTwice_ThirdAttemptSucceeds", AttemptsAsync),
        new("Failure_HandlerHangs_IsCancelledAndTriedAgain", HangsAsync),
        new("Failure_HandlerCannotBeMade_OthersRunOnceAndItIsGivenUp", ActivationAsync),
        new("Failure_HandlerRejects_IsNotTriedAgain", RejectsAsync),
        new("Failure_HandlerAsksForTime_GetsIt", AsksForTimeAsync),
        new("Failure_NeverSucceeds_LaterCallsAreHandled", NeverAsync),
    ];

    private static async Task AttemptsAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var failures = 0;
        host.Diary.Script = (_, _, _) => ++failures <= 2 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;

        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed").ConfigureAwait(false);

        Expect.Equal(host.Diary.Events[0].Attempt, 3, "The attempt");
    }

    private static async Task HangsAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddHandler<FirstHandler>(static options =>
        {
            options.Name = FirstHandler.Name;
            options.TimeLimit = TimeSpan.FromSeconds(1);
        })).ConfigureAwait(false);
        var cancelled = 0;
        host.Diary.Script = async (_, told, cancellationToken) =>
        {
            if (told.Attempt == 1)
            {
                var never = new TaskCompletionSource();
                using var registration = cancellationToken.Register(() =>
                {
                    cancelled++;
                    never.SetCanceled(cancellationToken);
                });
                await never.Task.ConfigureAwait(false);
            }
        };

        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed").ConfigureAwait(false);

        Expect.Equal(cancelled, 1, "Attempts that were cancelled");
    }

    private static async Task ActivationAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddHandler<BrokenHandler>(BrokenHandler.Name).AddHandler<FirstHandler>(FirstHandler.Name)).ConfigureAwait(false);

        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed").ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("declined", "B")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed B").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Equal(host.Diary.Of(FirstHandler.Name).Length, 2, "Runs of the other handler");
    }

    private static async Task RejectsAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var attempts = 0;
        host.Diary.Script = (_, told, _) =>
        {
            if (told.Kind != CallEventKind.Offered)
            {
                return Task.CompletedTask;
            }

            attempts++;
            throw new CallEventRejectedException("No such customer.");
        };

        await host.DeliverAsync(Sent.Call("offer")).ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("pickUp")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Answered").ConfigureAwait(false);

        Expect.Equal(attempts, 1, "Attempts of the rejected event");
    }

    private static async Task AsksForTimeAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        List<long> attempts = [];
        host.Diary.Script = (_, _, _) =>
        {
            attempts.Add(Stopwatch.GetTimestamp());
            return attempts.Count == 1 ? throw new CallEventRetryException(TimeSpan.FromMilliseconds(700)) : Task.CompletedTask;
        };

        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed").ConfigureAwait(false);

        Expect.True(Stopwatch.GetElapsedTime(attempts[0], attempts[1]) >= TimeSpan.FromMilliseconds(650), "the second attempt came when it was asked for");
    }

    private static async Task NeverAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        host.Diary.Script = (_, told, _) => told.Call.Key.IdMessage == "bad" ? throw new InvalidOperationException("Never.") : Task.CompletedTask;

        await host.DeliverAsync(Sent.Call("declined", "bad")).ConfigureAwait(false);
        await host.DeliverAsync(Sent.Call("declined", "good")).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed good").ConfigureAwait(false);

        Expect.Lines(host.Diary.Lines, "first Missed good");
    }
}
