using IncomingCalls.Inboxes;
using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>Runs the notifiers of a delivery beside everything else: they hold nothing up, and are tried only while the alert matters.</summary>
internal sealed class InlineNotifiers(
    HandlerInvoker invoker, LastValid<IncomingCallsOptions> options, TimeProvider time, ILogger<InlineNotifiers> logger, IHostApplicationLifetime? lifetime = null)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Task, bool> _underWay = new();

    /// <summary>Starts a notifier once per delivery, however often the gateway repeats it.</summary>
    public void Start(InlineCall call, InlineDelivery delivery, CallHandlerRegistration notifier)
    {
        delivery.Settle(notifier);
        var run = RunAsync(call, delivery, notifier);
        if (!run.IsCompleted)
        {
            _underWay[run] = true;
            _ = run.ContinueWith(done => _underWay.TryRemove(done, out bool _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    public Task DrainAsync(CancellationToken cancellationToken) => Task.WhenAll(_underWay.Keys).WaitAsync(cancellationToken);

    private async Task RunAsync(InlineCall call, InlineDelivery delivery, CallHandlerRegistration notifier)
    {
        var stored = delivery.Event!;
        var lane = await call.EnterAsync(notifier).ConfigureAwait(false);
        try
        {
            var wait = FirstWait;
            for (var attempt = 1; ; attempt++)
            {
                var result = await invoker.InvokeAsync(notifier, stored, call.Current, attempt, CancellationToken.None).ConfigureAwait(false);
                if (result.Verdict != HandlerVerdict.Failed)
                {
                    return;
                }

                var left = stored.ReceivedAt + options.CurrentValue.AlertWindow - time.GetUtcNow();
                if (left <= TimeSpan.Zero || (result.RetryAfter ?? wait) > left)
                {
                    logger.AlertLeft(notifier.Name, stored.Id);
                    return;
                }

                await Task.Delay(result.RetryAfter ?? wait, time, lifetime?.ApplicationStopping ?? CancellationToken.None).ConfigureAwait(false);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
        catch (OperationCanceledException)
        {
            logger.AlertLeft(notifier.Name, stored.Id);
        }
        finally
        {
            call.Leave(lane);
        }
    }
}
