using System.Collections.Concurrent;
using IncomingCalls.Inboxes;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>
/// Runs the handlers of a delivery: side by side, each in its lane of the call, with two quick retries and one time limit for
/// all. Repeats of a delivery that is under way join it; a client that goes away does not end it.
/// </summary>
internal sealed class InlineRunner(
    HandlerInvoker invoker,
    InlineNotifiers notifiers,
    InstanceGates gates,
    LastValid<IncomingCallsOptions> options,
    TimeProvider time,
    CallMetrics metrics,
    ILogger<InlineRunner> logger) : IDisposable
{
    // A hiccup is over in a moment; anything longer is left to the gateway, which tries again after a minute.
    private static readonly TimeSpan[] QuickRetries = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    private readonly ConcurrentDictionary<InlineDelivery, Task> _underWay = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Runs what the delivery still owes, or joins the run that does.</summary>
    /// <param name="call">The call.</param>
    /// <param name="delivery">What arrived.</param>
    /// <param name="cancellationToken">Ends the wait only.</param>
    public async ValueTask<InlineOutcome> RunAsync(InlineCall call, InlineDelivery delivery, CancellationToken cancellationToken)
    {
        Task<InlineOutcome>? joined;
        lock (call.Gate)
        {
            joined = delivery.IsRunning ? (delivery.Joined ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : null;
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
            : await FollowAsync(delivery, running.AsTask()).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for the runs under way, then tells the rest to stop.</summary>
    /// <param name="cancellationToken">Signalled when the host can wait no longer.</param>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_underWay.Values).WaitAsync(cancellationToken).ConfigureAwait(false);
            await notifiers.DrainAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            logger.DrainCutShort(_underWay.Count);
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private Task<InlineOutcome> FollowAsync(InlineDelivery delivery, Task<InlineOutcome> run)
    {
        _underWay[delivery] = run;
        _ = run.ContinueWith(_ => _underWay.TryRemove(KeyValuePair.Create<InlineDelivery, Task>(delivery, run)), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return run;
    }

    private async ValueTask<InlineOutcome> RunOwnedAsync(InlineCall call, InlineDelivery delivery)
    {
        var outcome = InlineOutcome.Failed;
        try
        {
            using var budget = new DeliveryBudget(options.CurrentValue.AcknowledgementTimeout, time, _stopping.Token);
            outcome = await RunHandlersAsync(call, delivery, budget).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Cancelled: the time limit of the delivery, or the host stops. Either way it is not handled yet.
            if (e is not OperationCanceledException)
            {
                logger.RunFailed(delivery.Event!.Id, e);
            }

            outcome = Judge(delivery);
        }
        finally
        {
            TaskCompletionSource<InlineOutcome>? joined;
            lock (call.Gate)
            {
                (delivery.IsRunning, joined, delivery.Joined) = (false, delivery.Joined, null);
                call.DropDone();
            }

            joined?.SetResult(outcome);
        }

        return outcome;
    }

    private async ValueTask<InlineOutcome> RunHandlersAsync(InlineCall call, InlineDelivery delivery, DeliveryBudget budget)
    {
        foreach (var handler in delivery.Pending)
        {
            if (handler.Role == CallHandlerRole.Notifier)
            {
                notifiers.Start(call, delivery, handler);
            }
        }

        using var place = gates.TryEnter(call.Key.IdInstance) ?? await gates.EnterAsync(call.Key.IdInstance, budget.Token).ConfigureAwait(false);
        // Most hosts have one handler for an event, which needs nothing that waits for several.
        await (delivery.Pending is [var only]
            ? RunLaneAsync(call, delivery, only, budget)
            : RunLanesAsync(call, delivery, budget)).ConfigureAwait(false);
        return Judge(delivery);
    }

    private Task RunLanesAsync(InlineCall call, InlineDelivery delivery, DeliveryBudget budget) =>
        Task.WhenAll(Array.ConvertAll(delivery.Pending, handler => RunLaneAsync(call, delivery, handler, budget)));

    private async Task RunLaneAsync(InlineCall call, InlineDelivery upTo, CallHandlerRegistration handler, DeliveryBudget budget)
    {
        var lane = await call.EnterAsync(handler, budget).ConfigureAwait(false);
        try
        {
            // What failed before comes first, or the handler would see the call's events out of order.
            foreach (var delivery in call.OwedTo(handler, upTo))
            {
                if (!await TryAsync(call, delivery, handler, budget).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
        finally
        {
            call.Leave(lane);
        }
    }

    private async ValueTask<bool> TryAsync(InlineCall call, InlineDelivery delivery, CallHandlerRegistration handler, DeliveryBudget budget)
    {
        for (var retry = 0; ; retry++)
        {
            var result = await invoker.InvokeAsync(
                handler, delivery.Event!, call.Current, delivery.NextAttempt(handler), _stopping.Token, budget.Left).ConfigureAwait(false);
            if (result.Verdict != HandlerVerdict.Failed)
            {
                delivery.Settle(handler);
                if (result.Verdict == HandlerVerdict.Rejected)
                {
                    metrics.GivenUp(handler.Name);
                }

                return true;
            }

            if (retry >= Math.Min(QuickRetries.Length, handler.Retries?.Count ?? QuickRetries.Length))
            {
                return false;
            }

            var wait = result.RetryAfter ?? QuickRetries[retry];
            if (wait >= budget.Left)
            {
                // The delivery would only wait for its own end: the sooner it fails, the sooner the gateway tries again.
                return false;
            }

            await Task.Delay(wait, time, _stopping.Token).ConfigureAwait(false);
        }
    }

    /// <summary>A notification that never succeeds would hold back every call behind it for 24 hours, so at some point it is given up.</summary>
    private InlineOutcome Judge(InlineDelivery delivery)
    {
        // Notifiers are settled when they are started, so these are handlers.
        var pending = delivery.Pending;
        if (pending.Length == 0)
        {
            return InlineOutcome.Done;
        }

        if (_stopping.IsCancellationRequested || !delivery.Patience.RunsOut(options.CurrentValue, time.GetUtcNow()))
        {
            return InlineOutcome.Failed;
        }

        logger.GivenUp(delivery.Event!.Id, delivery.Patience.Failures, string.Join(", ", pending.Select(handler => handler.Name)));
        foreach (var handler in pending)
        {
            delivery.Settle(handler);
            metrics.GivenUp(handler.Name);
        }

        return InlineOutcome.GivenUp;
    }
}
