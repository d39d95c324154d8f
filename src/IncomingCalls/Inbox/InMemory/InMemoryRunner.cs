using System.Collections.Concurrent;
using IncomingCalls.Handling;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>
/// Runs the handlers of a delivery: side by side, each in its lane of the call, with two quick retries and one time limit for
/// all. Repeats of a delivery that is under way join it; a client that goes away does not end it.
/// </summary>
internal sealed class InMemoryRunner(
    HandlerInvoker invoker,
    InMemoryNotifierRunner notifiers,
    InstanceSlots gates,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    TimeProvider time,
    CallMetrics metrics,
    ILogger<InMemoryRunner> logger) : IDisposable
{
    // A hiccup is over in a moment; anything longer is left to the gateway, which tries again after a minute.
    private static readonly TimeSpan[] QuickRetries = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    private readonly ConcurrentDictionary<InMemoryDelivery, Task> _running = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Runs what the delivery still owes, or joins the run that does.</summary>
    /// <param name="call">The call.</param>
    /// <param name="delivery">What arrived.</param>
    /// <param name="cancellationToken">Ends the wait only.</param>
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

        // Most are over by now, and nobody has anything to wait for.
        var running = RunOwnedAsync(call, delivery);
        return running.IsCompleted
            ? await running.ConfigureAwait(false)
            : await WaitForRunAsync(delivery, running.AsTask()).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for the runs under way, then tells the rest to stop.</summary>
    /// <param name="cancellationToken">Signalled when the host can wait no longer.</param>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_running.Values).WaitAsync(cancellationToken).ConfigureAwait(false);
            await notifiers.DrainAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            logger.DrainCutShort(_running.Count);
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
            using var budget = new AcknowledgementDeadline(options.CurrentValue.AcknowledgementTimeout, time, _stopping.Token);
            outcome = await RunHandlersAsync(call, delivery, budget).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Cancelled: the time limit of the delivery, or the host stops. Either way it is not handled yet.
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

    private async ValueTask<InMemoryOutcome> RunHandlersAsync(InMemoryCall call, InMemoryDelivery delivery, AcknowledgementDeadline budget)
    {
        foreach (var handler in delivery.Pending)
        {
            if (handler.Role == CallHandlerRole.Notifier)
            {
                notifiers.Start(call, delivery, handler);
            }
        }

        using var place = gates.TryAcquire(call.Key.IdInstance) ?? await gates.AcquireAsync(call.Key.IdInstance, budget.Token).ConfigureAwait(false);
        // Most hosts have one handler for an event, which needs nothing that waits for several.
        await (delivery.Pending is [var only]
            ? RunLaneAsync(call, delivery, only, budget)
            : RunLanesAsync(call, delivery, budget)).ConfigureAwait(false);
        return SettleFailure(delivery);
    }

    private Task RunLanesAsync(InMemoryCall call, InMemoryDelivery delivery, AcknowledgementDeadline budget) =>
        Task.WhenAll(Array.ConvertAll(delivery.Pending, handler => RunLaneAsync(call, delivery, handler, budget)));

    private async Task RunLaneAsync(InMemoryCall call, InMemoryDelivery upTo, CallHandlerRegistration handler, AcknowledgementDeadline budget)
    {
        var lane = await call.AcquireLaneAsync(handler, budget).ConfigureAwait(false);
        try
        {
            // What failed before comes first, or the handler would see the call's events out of order.
            foreach (var delivery in call.PendingFor(handler, upTo))
            {
                if (!await TryAsync(call, delivery, handler, budget).ConfigureAwait(false))
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

    private async ValueTask<bool> TryAsync(InMemoryCall call, InMemoryDelivery delivery, CallHandlerRegistration handler, AcknowledgementDeadline budget)
    {
        for (var retry = 0; ; retry++)
        {
            var result = await invoker.InvokeAsync(
                handler, delivery.Event!, call.Current, delivery.CountAttempt(handler), _stopping.Token, budget.Remaining).ConfigureAwait(false);
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

            var wait = result.RetryAfter ?? QuickRetries[retry];
            if (wait >= budget.Remaining)
            {
                // The delivery would only wait for its own end: the sooner it fails, the sooner the gateway tries again.
                return false;
            }

            await Task.Delay(wait, time, _stopping.Token).ConfigureAwait(false);
        }
    }

    /// <summary>A notification that never succeeds would hold back every call behind it for 24 hours, so at some point it is given up.</summary>
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

/// <summary>How a run over the handlers of a delivery ended.</summary>
internal enum InMemoryOutcome
{
    /// <summary>Every handler has succeeded.</summary>
    Done = 0,

    /// <summary>Some never did, and will not be tried again.</summary>
    GivenUp,

    /// <summary>Some have not; the gateway sends the notification again.</summary>
    Failed,
}
