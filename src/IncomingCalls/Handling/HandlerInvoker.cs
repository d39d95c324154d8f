using System.Diagnostics;
using IncomingCalls.Callers;
using IncomingCalls.Inbox;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Handling;

/// <summary>Runs one attempt of one handler: fresh scope, filters, time limit, span and metrics. The same for every inbox.</summary>
internal sealed class HandlerInvoker(
    CallHandlerCatalog catalog,
    IServiceScopeFactory scopes,
    CallerNameService names,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    TimeProvider time,
    CallMetrics metrics,
    ILogger<HandlerInvoker> logger)
{
    /// <summary>Never throws, except when <paramref name="stopping"/> is signalled.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="stored">The event.</param>
    /// <param name="call">The call as it is now.</param>
    /// <param name="attempt">Which attempt it is, from 1.</param>
    /// <param name="stopping">Ends the attempt.</param>
    /// <param name="atMost">What is left to the attempt where that may be less than the handler's time limit; null for the limit.</param>
    /// <param name="trace">The trace of the receipt, where that is over.</param>
    public async ValueTask<AttemptResult> InvokeAsync(
        CallHandlerRegistration handler,
        StoredCallEvent stored,
        Call call,
        int attempt,
        CancellationToken stopping,
        TimeSpan? atMost = null,
        ActivityContext trace = default)
    {
        if (attempt > 1)
        {
            metrics.RecordRetry(handler.Name);
        }

        var started = time.GetTimestamp();
        using var activity = CallActivities.StartHandle(handler.Name, stored.Kind, trace);
        var limit = handler.Timeout ?? options.CurrentValue.HandlerTimeout;
        limit = atMost < limit ? atMost.Value : limit;
        using var timer = new LinkedTimeout(limit, time, stopping);
        AttemptResult result;
        try
        {
            await WithTimeoutAsync(RunInScopeAsync(handler, CreateEvent(stored, call, attempt), timer.Token), handler.Name, stored.Id, limit).ConfigureAwait(false);
            result = AttemptResult.Succeeded;
        }
        catch (CallEventRejectedException e)
        {
            logger.HandlerRejected(handler.Name, stored.Id, e);
            result = AttemptResult.Rejected(e);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            logger.HandlerFailed(handler.Name, stored.Id, attempt, e);
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            result = AttemptResult.Failed(e);
        }

        metrics.RecordAttempt(handler.Name, result.Outcome, time.GetElapsedTime(started));
        return result;
    }

    /// <summary>Most handlers are done by now, and need nobody who would tell that they were left alone.</summary>
    private ValueTask WithTimeoutAsync(ValueTask running, string handlerName, string eventId, TimeSpan limit) =>
        running.IsCompleted ? running : WaitAsync(running, handlerName, eventId, limit);

    private ValueTask WaitAsync(ValueTask running, string handlerName, string eventId, TimeSpan limit) => HandlerWatchdog.WaitAsync(
        running,
        limit,
        time,
        () => logger.HandlerAbandoned(handlerName, HandlerWatchdog.AbandonAfter.TotalSeconds, eventId),
        e => logger.AbandonedHandlerFailed(handlerName, eventId, e));

    private async ValueTask RunInScopeAsync(CallHandlerRegistration handler, CallEvent callEvent, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var disposal = scope.ConfigureAwait(false);
        var context = new CallEventContext { Event = callEvent, HandlerName = handler.Name, Services = scope.ServiceProvider };
        await catalog.PipelineOf(handler)(context, cancellationToken).ConfigureAwait(false);
    }

    private CallEvent CreateEvent(StoredCallEvent stored, Call call, int attempt)
    {
        var caller = names.WithKnownName(call.Key.IdInstance, call.Caller);
        return new()
        {
            Id = stored.Id,
            Kind = stored.Kind,
            PreviousOutcome = stored.PreviousOutcome,
            Notification = stored.Notification,
            Call = ReferenceEquals(caller, call.Caller) ? call : call with { Caller = caller },
            Caller = caller,
            Decision = stored.Decision,
            IsLive = IsLive(stored, call),
            Attempt = attempt,
            OccurredAt = stored.OccurredAt,
            ReceivedAt = stored.ReceivedAt,
        };
    }

    private bool IsLive(StoredCallEvent stored, Call call) =>
        stored.Kind == CallEventKind.Offered
        && call.Outcome == CallOutcome.None
        && !call.Anomalies.HasFlag(CallAnomalies.FromSelf)
        // By the gateway's time, unless that lies ahead of the receipt: nothing is younger than new.
        && time.GetUtcNow() - (stored.OccurredAt < stored.ReceivedAt ? stored.OccurredAt : stored.ReceivedAt) <= options.CurrentValue.AlertWindow;
}

/// <summary>How an attempt ended.</summary>
internal readonly struct AttemptResult
{
    private AttemptResult(AttemptOutcome verdict, Exception? error, TimeSpan? retryAfter) =>
        (Outcome, Error, RetryAfter) = (verdict, error, retryAfter);

    public static AttemptResult Succeeded => default;

    public AttemptOutcome Outcome { get; }

    /// <summary>The wait that the handler asked for; null for the schedule's.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>What went wrong; null after success.</summary>
    public Exception? Error { get; }

    public static AttemptResult Rejected(Exception error) => new(AttemptOutcome.Rejected, error, retryAfter: null);

    public static AttemptResult Failed(Exception error) => new(AttemptOutcome.Failed, error, (error as CallEventRetryException)?.Delay);
}
