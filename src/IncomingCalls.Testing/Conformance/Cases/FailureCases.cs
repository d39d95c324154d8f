using System.Diagnostics;
using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about handlers that throw, time out, reject, or cannot be activated.</summary>
internal static class FailureCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Failure_HandlerThrowsTwice_ThirdAttemptSucceeds", ThirdAttemptSucceedsAsync),
        new("Failure_HandlerTimesOut_IsCancelledAndRetried", HandlerTimesOutAsync),
        new("Failure_HandlerActivationFails_OthersRunOnce", ActivationFailsAsync),
        new("Failure_HandlerRejects_IsNotRetried", RejectAsync),
        new("Failure_HandlerRequestsDelay_IsRetriedAfterIt", RequestedRetryDelayAsync),
        new("Failure_Permanent_LaterCallsAreHandled", PermanentFailureAsync),
    ];

    private static async Task ThirdAttemptSucceedsAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var failures = 0;
        host.Recorder.HandlerBehavior = (_, _, _) => ++failures <= 2 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);

        Expect.Equal(host.Recorder.Events[0].Attempt, 3, "The attempt");
    }

    private static async Task HandlerTimesOutAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddHandler<FirstHandler>(static options =>
        {
            options.Name = FirstHandler.Name;
            options.Timeout = TimeSpan.FromSeconds(1);
        })).ConfigureAwait(false);
        var cancelled = 0;
        host.Recorder.HandlerBehavior = async (_, callEvent, cancellationToken) =>
        {
            if (callEvent.Attempt == 1)
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

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);

        Expect.Equal(cancelled, 1, "Attempts that were cancelled");
    }

    private static async Task ActivationFailsAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls.AddHandler<FailingConstructorHandler>(FailingConstructorHandler.Name).AddHandler<FirstHandler>(FirstHandler.Name)).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "B")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed B").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Equal(host.Recorder.EntriesOf(FirstHandler.Name).Length, 2, "Attempts of the other handler");
    }

    private static async Task RejectAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        var attempts = 0;
        host.Recorder.HandlerBehavior = (_, callEvent, _) =>
        {
            if (callEvent.Kind != CallEventKind.Offered)
            {
                return Task.CompletedTask;
            }

            attempts++;
            throw new CallEventRejectedException("No such customer.");
        };

        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("pickUp")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Answered").ConfigureAwait(false);

        Expect.Equal(attempts, 1, "Attempts of the rejected event");
    }

    private static async Task RequestedRetryDelayAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        List<long> attempts = [];
        host.Recorder.HandlerBehavior = (_, _, _) =>
        {
            attempts.Add(Stopwatch.GetTimestamp());
            return attempts.Count == 1 ? throw new CallEventRetryException(TimeSpan.FromMilliseconds(700)) : Task.CompletedTask;
        };

        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed").ConfigureAwait(false);

        Expect.True(Stopwatch.GetElapsedTime(attempts[0], attempts[1]) >= TimeSpan.FromMilliseconds(650), "the second attempt starts after the requested delay");
    }

    private static async Task PermanentFailureAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        host.Recorder.HandlerBehavior = (_, callEvent, _) => callEvent.Call.Key.IdMessage == "bad" ? throw new InvalidOperationException("It always fails.") : Task.CompletedTask;

        await host.DeliverAsync(TestNotifications.CreateCall("declined", "bad")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "good")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed good").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Missed good");
    }
}
