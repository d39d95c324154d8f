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
        TaskCompletionSource<InlineOutcome> running;
        bool isOurs;
        lock (call.Gate)
        {
            isOurs = delivery.Running is null;
            running = delivery.Running ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (isOurs)
        {
            var run = RunOwnedAsync(call, delivery, running);
            if (!run.IsCompleted)
            {
                _underWay[delivery] = run;
                _ = run.ContinueWith(_ => _underWay.TryRemove(KeyValuePair.Create(delivery, run)), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }

        return running.Task.IsCompletedSuccessfully
            ? running.Task.Result
            : await running.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
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

    private async Task RunOwnedAsync(InlineCall call, InlineDelivery delivery, TaskCompletionSource<InlineOutcome> running)
    {
        var outcome = InlineOutcome.Failed;
        try
        {
            using var budget = new TimeLimit(options.CurrentValue.Inline.DeliveryTimeLimit, time, _stopping.Token);
            outcome = await RunHandlersAsync(call, delivery, budget.Token).ConfigureAwait(false);
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
            lock (call.Gate)
            {
                delivery.Running = null;
                call.DropDone();
            }

            running.SetResult(outcome);
        }
    }

    private async Task<InlineOutcome> RunHandlersAsync(InlineCall call, InlineDelivery delivery, CancellationToken stopping)
    {
        foreach (var handler in delivery.Pending)
        {
            if (handler.Role == CallHandlerRole.Notifier)
            {
                notifiers.Start(call, delivery, handler);
            }
        }

        using var place = await gates.EnterAsync(call.Key.IdInstance, stopping).ConfigureAwait(false);
        // Most hosts have one handler for an event, which needs nothing that waits for several.
        await (delivery.Pending is [var only]
            ? RunLaneAsync(call, delivery, only, stopping)
            : RunLanesAsync(call, delivery, stopping)).ConfigureAwait(false);
        return Judge(delivery);
    }

    private Task RunLanesAsync(InlineCall call, InlineDelivery delivery, CancellationToken stopping) =>
        Task.WhenAll(Array.ConvertAll(delivery.Pending, handler => RunLaneAsync(call, delivery, handler, stopping)));

    private async Task RunLaneAsync(InlineCall call, InlineDelivery upTo, CallHandlerRegistration handler, CancellationToken stopping)
    {
        var lane = await call.EnterAsync(handler, stopping).ConfigureAwait(false);
        try
        {
            // What failed before comes first, or the handler would see the call's events out of order.
            foreach (var delivery in call.OwedTo(handler, upTo))
            {
                if (!await TryAsync(call, delivery, handler, stopping).ConfigureAwait(false))
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

    private async ValueTask<bool> TryAsync(InlineCall call, InlineDelivery delivery, CallHandlerRegistration handler, CancellationToken stopping)
    {
        for (var retry = 0; ; retry++)
        {
            var result = await invoker.InvokeAsync(handler, delivery.Event!, call.Current, delivery.NextAttempt(handler), stopping).ConfigureAwait(false);
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
            if (wait >= options.CurrentValue.Inline.DeliveryTimeLimit)
            {
                // The delivery would only wait for its own end: the sooner it fails, the sooner the gateway tries again.
                return false;
            }

            await Task.Delay(wait, time, stopping).ConfigureAwait(false);
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

        if (_stopping.IsCancellationRequested || !delivery.Patience.RunsOut(options.CurrentValue.Inline, time.GetUtcNow()))
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
