using IncomingCalls.Inbox;
using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about <see cref="ICallInbox.IsIdleAsync"/>. An inbox that does not support it passes them.</summary>
internal static class IdleCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Idle_HandlerIsRunning_IsFalseUntilItHasSucceeded", RunningHandlerAsync),
        new("Idle_RecordWaitsForName_IsFalseUntilItIsWritten", NameIsAwaitedAsync),
        new("Idle_DeliveryWaitsForItsRetry_IsTrue", RetryAsync),
        new("Idle_OutcomeIsAwaited_IsTrue", OutcomeIsAwaitedAsync),
    ];

    private static async Task RunningHandlerAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        if (!await IsSupportedAsync(host).ConfigureAwait(false))
        {
            return;
        }

        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Recorder.HandlerBehavior = (_, _, _) =>
        {
            started.SetResult();
            return finish.Task;
        };
        Expect.True(await IsIdleAsync(host).ConfigureAwait(false), "an inbox without deliveries is idle");

        var delivered = host.DeliverAsync(TestNotifications.CreateCall("declined"));
        await started.Task.ConfigureAwait(false);
        Expect.True(!await IsIdleAsync(host).ConfigureAwait(false), "the inbox is not idle while a handler runs");
        finish.SetResult();
        await delivered.ConfigureAwait(false);
        await Expect.EventuallyAsync(() => IsIdleAsync(host), "the inbox is idle").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Missed A");
    }

    private static async Task NameIsAwaitedAsync(ConformanceHost host)
    {
        var queried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Recorder.NameLookup = async (_, _) =>
        {
            queried.SetResult();
            await found.Task.ConfigureAwait(false);
            return "Ivan";
        };
        await host.StartAsync(static calls => calls.AddChatRecorder<RecordingChatRecorder>().AddCallerNames<LookedUpNames>()).ConfigureAwait(false);
        if (!await IsSupportedAsync(host).ConfigureAwait(false))
        {
            return;
        }

        var delivered = host.DeliverAsync(TestNotifications.CreateCall("declined"));
        await queried.Task.ConfigureAwait(false);
        Expect.True(!await IsIdleAsync(host).ConfigureAwait(false), "the inbox is not idle while a record waits for the name");
        found.SetResult();
        await delivered.ConfigureAwait(false);
        await Expect.EventuallyAsync(() => IsIdleAsync(host), "the inbox is idle").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "record MissedCall A");
    }

    private static async Task RetryAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        if (!await IsSupportedAsync(host).ConfigureAwait(false))
        {
            return;
        }

        var attempted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Recorder.HandlerBehavior = (_, _, _) =>
        {
            attempted.TrySetResult();
            throw new CallEventRetryException(TimeSpan.FromMinutes(1));
        };

        // The in-memory inbox does not accept it, because the acknowledgement would have to wait for the retry.
        Task accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        await attempted.Task.ConfigureAwait(false);
        await Expect.EventuallyAsync(() => IsIdleAsync(host), "the inbox is idle").ConfigureAwait(false);

        Expect.Equal(host.Recorder.Entries.Count, 0, "Entries of handlers that have succeeded");
        await host.StopAsync().ConfigureAwait(false);
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task OutcomeIsAwaitedAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        if (!await IsSupportedAsync(host).ConfigureAwait(false))
        {
            return;
        }

        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await Expect.EventuallyAsync(() => IsIdleAsync(host), "the inbox is idle").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Offered A");
    }

    private static ValueTask<bool> IsIdleAsync(ConformanceHost host) => host.Services.GetRequiredService<ICallInbox>().IsIdleAsync(CancellationToken.None);

    private static async Task<bool> IsSupportedAsync(ConformanceHost host)
    {
        try
        {
            await IsIdleAsync(host).ConfigureAwait(false);
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}
