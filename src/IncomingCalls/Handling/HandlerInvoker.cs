using System.Diagnostics;
using IncomingCalls.Handling.Values;
using IncomingCalls.Inbox;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Handling;

/// <summary>Runs one attempt of one handler with a fresh scope, filters, timeout, span and metrics. Used by every inbox.</summary>
internal sealed class HandlerInvoker(
    CallHandlerCatalog catalog,
    IServiceScopeFactory scopes,
    CallEventFactory events,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    TimeProvider time,
    CallMetrics metrics,
    ILogger<HandlerInvoker> logger)
{
    private readonly ILogger _logger = new NonThrowingLogger(logger);

    /// <summary>Runs one attempt. Throws only when <paramref name="stopping"/> is signalled.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="stored">The event.</param>
    /// <param name="call">The current state of the call.</param>
    /// <param name="previousOutcome">The outcome that the handler knows of.</param>
    /// <param name="attempt">The number of the attempt, from 1.</param>
    /// <param name="trace">The trace context of the receipt when its activity has ended.</param>
    /// <param name="now">The time by the clock of the inbox, which is that of the receipt.</param>
    /// <param name="stopping">Cancels the attempt because the host stops.</param>
    public async ValueTask<AttemptResult> InvokeAsync(
        CallHandlerRegistration handler,
        StoredCallEvent stored,
        Call call,
        CallOutcome previousOutcome,
        int attempt,
        ActivityContext trace,
        DateTimeOffset now,
        CancellationToken stopping)
    {
        if (attempt > 1)
        {
            metrics.RecordRetry(call.Key.IdInstance, handler.Name);
        }

        var started = time.GetTimestamp();
        using var activity = CallActivities.StartHandle(handler.Name, stored.Kind, trace);
        var timeout = GetTimeout(handler);
        using var timer = new LinkedTimeout(timeout, time, stopping);
        var run = new HandlerAttempt(handler.Name, hasDelivery: true, now);
        AttemptResult result;
        try
        {
            await WithTimeoutAsync(RunInScopeAsync(handler, events.Create(stored, call, previousOutcome, attempt, now), run, timer.Token), handler.Name, stored.Id, timeout).ConfigureAwait(false);
            result = AttemptResult.Succeeded;
        }
        catch (CallEventRejectedException e)
        {
            LogRejection(handler, stored.Id, e);
            result = AttemptResult.Rejected(e);
        }
        catch (DestinationUnavailableException e) when (handler.Role != CallHandlerRole.Notifier)
        {
            _logger.HandlerFoundDestinationUnavailable(handler.Name, e.Destination, stored.Id, e);
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            result = AttemptResult.Unavailable(e);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            _logger.HandlerFailed(handler.Name, stored.Id, attempt, e);
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            result = AttemptResult.Failed(e, hasTimedOut: timer.Token.IsCancellationRequested);
        }
        finally
        {
            await run.EndAsync(time).ConfigureAwait(false);
        }

        metrics.RecordAttempt(call.Key.IdInstance, handler.Name, result.Outcome, time.GetElapsedTime(started));
        return result;
    }

    /// <summary>Gets the timeout of one attempt of a handler.</summary>
    public TimeSpan GetTimeout(CallHandlerRegistration handler) => handler.Timeout ?? options.CurrentValue.HandlerTimeout;

    private void LogRejection(CallHandlerRegistration handler, string eventId, CallEventRejectedException e)
    {
        if (handler.Role == CallHandlerRole.Notifier)
        {
            _logger.AlertRejected(handler.Name, eventId, e);
        }
        else
        {
            _logger.HandlerRejected(handler.Name, eventId, e);
        }
    }

    /// <summary>Waits for a handler. Fast path: most handlers complete synchronously and need no timeout watchdog.</summary>
    private ValueTask WithTimeoutAsync(ValueTask running, string handlerName, string eventId, TimeSpan timeout) =>
        running.IsCompleted ? running : WaitAsync(running, handlerName, eventId, timeout);

    private ValueTask WaitAsync(ValueTask running, string handlerName, string eventId, TimeSpan timeout) => HandlerWatchdog.WaitAsync(
        running,
        timeout,
        time,
        () => _logger.HandlerAbandoned(handlerName, HandlerWatchdog.AbandonAfter.TotalSeconds, eventId),
        e => _logger.AbandonedHandlerFailed(handlerName, eventId, e));

    private async ValueTask RunInScopeAsync(CallHandlerRegistration handler, CallEvent callEvent, HandlerAttempt run, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var disposal = scope.ConfigureAwait(false);
        scope.ServiceProvider.GetRequiredService<CurrentAttempt>().Value = run;
        var context = new CallEventContext { Event = callEvent, HandlerName = handler.Name, Services = scope.ServiceProvider };
        await catalog.PipelineOf(handler)(context, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>The result of an attempt.</summary>
internal readonly struct AttemptResult
{
    private AttemptResult(AttemptOutcome outcome, Exception? error, TimeSpan? retryAfter, string? destination = null, bool hasTimedOut = false) =>
        (Outcome, Error, RetryAfter, Destination, HasTimedOut) = (outcome, error, retryAfter, destination, hasTimedOut);

    public static AttemptResult Succeeded => default;

    public AttemptOutcome Outcome { get; }

    /// <summary>The retry delay that the handler requested; null for that of the retry schedule.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The destination that was unavailable or has asked for the delay; null otherwise.</summary>
    public string? Destination { get; }

    /// <summary>Whether the timeout of the attempt was over when it failed.</summary>
    public bool HasTimedOut { get; }

    /// <summary>The exception of the attempt; null after success.</summary>
    public Exception? Error { get; }

    public static AttemptResult Rejected(Exception error) => new(AttemptOutcome.Rejected, error, retryAfter: null);

    public static AttemptResult Failed(Exception error, bool hasTimedOut) => error is CallEventRetryException retry
        ? new(AttemptOutcome.Failed, error, retry.Delay, retry.Destination)
        : new(AttemptOutcome.Failed, error, retryAfter: null, destination: null, hasTimedOut);

    public static AttemptResult Unavailable(DestinationUnavailableException error) => new(AttemptOutcome.Unavailable, error, error.RetryAfter, error.Destination);
}
