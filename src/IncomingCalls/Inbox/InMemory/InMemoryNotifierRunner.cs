using System.Collections.Concurrent;
using IncomingCalls.Handling;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>Runs the notifiers of a delivery in the background: nothing waits for them, and they are retried only until the alert expires.</summary>
internal sealed class InMemoryNotifierRunner(
    HandlerInvoker invoker, LastKnownGoodOptions<IncomingCallsOptions> options, TimeProvider time, ILogger<InMemoryNotifierRunner> logger, IHostApplicationLifetime? lifetime = null)
{
    private static readonly TimeSpan InitialRetryDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Task, bool> _running = new();

    /// <summary>Starts a notifier once per delivery, however often the gateway redelivers the notification.</summary>
    public void Start(InMemoryCall call, InMemoryDelivery delivery, CallHandlerRegistration notifier)
    {
        delivery.Settle(notifier);
        var run = RunAsync(call, delivery, notifier);
        if (!run.IsCompleted)
        {
            _running[run] = true;
            _ = run.ContinueWith(done => _running.TryRemove(done, out bool _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    public Task DrainAsync(CancellationToken cancellationToken) => Task.WhenAll(_running.Keys).WaitAsync(cancellationToken);

    private async Task RunAsync(InMemoryCall call, InMemoryDelivery delivery, CallHandlerRegistration notifier)
    {
        var stored = delivery.Event!;
        var lane = await call.AcquireLaneAsync(notifier).ConfigureAwait(false);
        try
        {
            var delay = InitialRetryDelay;
            for (var attempt = 1; ; attempt++)
            {
                var result = await invoker.InvokeAsync(notifier, stored, call.Current, attempt, CancellationToken.None).ConfigureAwait(false);
                if (result.Outcome != AttemptOutcome.Failed)
                {
                    return;
                }

                var remaining = stored.ReceivedAt + options.CurrentValue.AlertWindow - time.GetUtcNow();
                if (remaining <= TimeSpan.Zero || (result.RetryAfter ?? delay) > remaining)
                {
                    logger.AlertExpired(notifier.Name, stored.Id);
                    return;
                }

                await Task.Delay(result.RetryAfter ?? delay, time, lifetime?.ApplicationStopping ?? CancellationToken.None).ConfigureAwait(false);
                delay = delay * 2 < MaxRetryDelay ? delay * 2 : MaxRetryDelay;
            }
        }
        catch (OperationCanceledException)
        {
            logger.AlertExpired(notifier.Name, stored.Id);
        }
        finally
        {
            call.ReleaseLane(lane);
        }
    }
}
