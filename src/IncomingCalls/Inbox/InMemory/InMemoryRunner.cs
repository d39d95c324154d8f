using System.Collections.Concurrent;
using IncomingCalls.Handling;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>
/// Runs the handlers of a delivery in parallel, each in its lane of the call, with two quick retries and one deadline for all. A duplicate of
/// a delivery that is running waits for its result; a client that disconnects does not cancel it.
/// </summary>
internal sealed class InMemoryRunner(
    HandlerInvoker invoker,
    InMemoryNotifierRunner notifiers,
    InstanceSlots slots,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    TimeProvider time,
    CallMetrics metrics,
    ILogger<InMemoryRunner> logger) : IDisposable
{
    // For short transient failures. Longer ones are left to the gateway, which redelivers after a minute.
    private static readonly TimeSpan[] QuickRetries = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    private readonly ConcurrentDictionary<InMemoryDelivery, Task> _running = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Runs the pending handlers of a delivery, or waits for the run in progress.</summary>
    /// <param name="call">The call.</param>
    /// <param name="delivery">The delivery.</param>
    /// <param name="cancellationToken">Ends the wait; the handlers continue.</param>
    public async ValueTask<InMemoryOutcome> RunAsync(InMemoryCall call, InMemoryDelivery delivery, CancellationToken cancellationToken)
    {
        Task<InMemoryOutcome>? joined;
        lock (call.Gate)
        {
            joined = delivery.IsRunning ? (delivery.DuplicateCompletion ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : null;
            delivery.IsRunning = true;
        }

        if (joined is not null)
        {
            return await joined.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        // Fast path: most runs complete synchronously.
        var running = RunOwnedAsync(call, delivery);
        return running.IsCompleted
            ? await running.ConfigureAwait(false)
            : await WaitForRunAsync(delivery, running.AsTask()).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until running handlers and notifiers end, and cancels the handlers that remain.</summary>
    /// <param name="cancellationToken">Ends the wait; signalled when the shutdown timeout of the host has elapsed.</param>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_running.Values).WaitAsync(cancellationToken).ConfigureAwait(false);
            await notifiers.DrainAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            logger.DrainIncomplete(_running.Count);
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private Task<InMemoryOutcome> WaitForRunAsync(InMemoryDelivery delivery, Task<InMemoryOutcome> run)
    {
        _running[delivery] = run;
        _ = run.ContinueWith(_ => _running.TryRemove(KeyValuePair.Create<InMemoryDelivery, Task>(delivery, run)), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return run;
    }

    private async ValueTask<InMemoryOutcome> RunOwnedAsync(InMemoryCall call, InMemoryDelivery delivery)
    {
        var outcome = InMemoryOutcome.Failed;
        try
        {
            using var deadline = new AcknowledgementDeadline(options.CurrentValue.AcknowledgementTimeout, time, _stopping.Token);
            outcome = await RunHandlersAsync(call, delivery, deadline).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A cancellation means that the deadline has passed or the host stops. Either way the delivery is not done.
            if (e is not OperationCanceledException)
            {
                logger.HandlerRunFailed(delivery.Event!.Id, e);
            }

            outcome = SettleFailure(delivery);
        }
        finally
        {
            TaskCompletionSource<InMemoryOutcome>? joined;
            lock (call.Gate)
            {
                (delivery.IsRunning, joined, delivery.DuplicateCompletion) = (false, delivery.DuplicateCompletion, null);
                call.RemoveDone();
            }

            joined?.SetResult(outcome);
        }

        return outcome;
    }

    private async ValueTask<InMemoryOutcome> RunHandlersAsync(InMemoryCall call, InMemoryDelivery delivery, AcknowledgementDeadline deadline)
    {
        foreach (var handler in delivery.Pending)
        {
            if (handler.Role == CallHandlerRole.Notifier)
            {
                notifiers.Start(call, delivery, handler);
            }
        }

        using var slot = slots.TryAcquire(call.Key.IdInstance) ?? await slots.AcquireAsync(call.Key.IdInstance, deadline.Token).ConfigureAwait(false);
        // Fast path: most hosts have one handler for an event.
        await (delivery.Pending is [var only]
            ? RunLaneAsync(call, delivery, only, deadline)
            : RunLanesAsync(call, delivery, deadline)).ConfigureAwait(false);
        return SettleFailure(delivery);
    }

    private Task RunLanesAsync(InMemoryCall call, InMemoryDelivery delivery, AcknowledgementDeadline deadline) =>
        Task.WhenAll(Array.ConvertAll(delivery.Pending, handler => RunLaneAsync(call, delivery, handler, deadline)));

    private async Task RunLaneAsync(InMemoryCall call, InMemoryDelivery upTo, CallHandlerRegistration handler, AcknowledgementDeadline deadline)
    {
        var lane = await call.AcquireLaneAsync(handler, deadline).ConfigureAwait(false);
        try
        {
            // Earlier deliveries that failed run first, so that the handler handles the events of the call in order.
            foreach (var delivery in call.PendingFor(handler, upTo))
            {
                if (!await TryAsync(call, delivery, handler, deadline).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
        finally
        {
            call.ReleaseLane(lane);
        }
    }

    private async ValueTask<bool> TryAsync(InMemoryCall call, InMemoryDelivery delivery, CallHandlerRegistration handler, AcknowledgementDeadline deadline)
    {
        for (var retry = 0; ; retry++)
        {
            var result = await invoker.InvokeAsync(
                handler, delivery.Event!, call.Current, delivery.CountAttempt(handler), _stopping.Token, deadline.Remaining).ConfigureAwait(false);
            if (result.Outcome != AttemptOutcome.Failed)
            {
                delivery.Settle(handler);
                if (result.Outcome == AttemptOutcome.Rejected)
                {
                    metrics.RecordGivenUp(handler.Name);
                }

                return true;
            }

            if (retry >= Math.Min(QuickRetries.Length, handler.RetryDelays?.Count ?? QuickRetries.Length))
            {
                return false;
            }

            var delay = result.RetryAfter ?? QuickRetries[retry];
            if (delay >= deadline.Remaining)
            {
                // The retry would be after the deadline. Failing at once lets the gateway redeliver sooner.
                return false;
            }

            await Task.Delay(delay, time, _stopping.Token).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Determines the outcome of a run, and gives up a delivery that has failed too often: it would block the calls behind it in the gateway's
    /// queue for 24 hours.
    /// </summary>
    private InMemoryOutcome SettleFailure(InMemoryDelivery delivery)
    {
        // Notifiers are settled when they are started, so these are handlers.
        var pending = delivery.Pending;
        if (pending.Length == 0)
        {
            return InMemoryOutcome.Done;
        }

        if (_stopping.IsCancellationRequested || !delivery.Failures.RecordFailure(options.CurrentValue, time.GetUtcNow()))
        {
            return InMemoryOutcome.Failed;
        }

        logger.DeliveryGivenUp(delivery.Event!.Id, delivery.Failures.Failures, string.Join(", ", pending.Select(handler => handler.Name)));
        foreach (var handler in pending)
        {
            delivery.Settle(handler);
            metrics.RecordGivenUp(handler.Name);
        }

        return InMemoryOutcome.GivenUp;
    }
}

/// <summary>The outcome of running the handlers of a delivery.</summary>
internal enum InMemoryOutcome
{
    /// <summary>Every handler has succeeded.</summary>
    Done = 0,

    /// <summary>At least one handler has not succeeded, and it is not retried.</summary>
    GivenUp,

    /// <summary>At least one handler has not succeeded; the gateway sends the notification again.</summary>
    Failed,
}
