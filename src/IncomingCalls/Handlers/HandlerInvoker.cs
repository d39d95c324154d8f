using System.Diagnostics;
using IncomingCalls.Inboxes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>Runs one attempt of one handler: fresh scope, filters, time limit, span and metrics. The same for every inbox.</summary>
internal sealed class HandlerInvoker(
    CallHandlerCatalog catalog,
    IServiceScopeFactory scopes,
    CallerNames names,
    LastValid<IncomingCallsOptions> options,
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
    public async ValueTask<HandlerResult> InvokeAsync(
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
            metrics.Retried(handler.Name);
        }

        var started = time.GetTimestamp();
        using var activity = CallActivities.StartHandle(handler.Name, stored.Kind, trace);
        var limit = handler.TimeLimit ?? options.CurrentValue.HandlerTimeLimit;
        limit = atMost < limit ? atMost.Value : limit;
        using var timer = new TimeLimit(limit, time, stopping);
        HandlerResult result;
        try
        {
            await WithinAsync(RunInScopeAsync(handler, EventOf(stored, call, attempt), timer.Token), handler.Name, stored.Id, limit).ConfigureAwait(false);
            result = HandlerResult.Succeeded;
        }
        catch (CallEventRejectedException e)
        {
            logger.HandlerRejected(handler.Name, stored.Id, e);
            result = HandlerResult.Rejected(e);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            logger.HandlerFailed(handler.Name, stored.Id, attempt, e);
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            result = HandlerResult.Failed(e);
        }

        metrics.Handled(handler.Name, result.Verdict, time.GetElapsedTime(started));
        return result;
    }

    /// <summary>Most handlers are done by now, and need nobody who would tell that they were left alone.</summary>
    private ValueTask WithinAsync(ValueTask running, string handlerName, string eventId, TimeSpan limit) =>
        running.IsCompleted ? running : WaitAsync(running, handlerName, eventId, limit);

    private ValueTask WaitAsync(ValueTask running, string handlerName, string eventId, TimeSpan limit) => Overtime.WaitAsync(
        running,
        limit,
        time,
        () => logger.HandlerAbandoned(handlerName, Overtime.Grace.TotalSeconds, eventId),
        e => logger.AbandonedHandlerFailed(handlerName, eventId, e));

    private async ValueTask RunInScopeAsync(CallHandlerRegistration handler, CallEvent callEvent, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var disposal = scope.ConfigureAwait(false);
        var context = new CallEventContext { Event = callEvent, HandlerName = handler.Name, Services = scope.ServiceProvider };
        await catalog.ChainOf(handler)(context, cancellationToken).ConfigureAwait(false);
    }

    private CallEvent EventOf(StoredCallEvent stored, Call call, int attempt)
    {
        var caller = names.Known(call.Key.IdInstance, call.Caller);
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
