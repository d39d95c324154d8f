using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Callers;
using IncomingCalls.Handling;
using IncomingCalls.Handling.Values;
using IncomingCalls.Inbox;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Records;

/// <summary>
/// Raises, updates and withdraws alerts. The raised alerts are tracked in memory only: an alert that was raised before a restart ends with
/// its expiry time or with the next event of its call.
/// </summary>
internal sealed class OperatorAlerts(
    IServiceScopeFactory scopes,
    CallerNameService names,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    TimeProvider time,
    CallMetrics metrics,
    ILogger<OperatorAlerts> logger,
    IHostApplicationLifetime? lifetime = null)
{
    private readonly ConcurrentDictionary<(CallKey, string Notifier), RaisedAlert> _raised = new();

    /// <summary>Creates the handler registration of a notifier of the host.</summary>
    public static CallHandlerRegistration CreateRegistration<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(string? name)
        where T : class, IOperatorNotifier =>
        new(typeof(T), CallHandlerRole.Notifier, new() { Name = name }, static (context, cancellationToken) =>
            context.Services.GetRequiredService<OperatorAlerts>().HandleAsync<T>(context, cancellationToken));

    /// <summary>Raises or withdraws the alert that an event concerns.</summary>
    public ValueTask HandleAsync<T>(CallEventContext context, CancellationToken cancellationToken)
        where T : class, IOperatorNotifier =>
        context.Event.Kind == CallEventKind.Offered
            ? RaiseAsync<T>(context, cancellationToken)
            : WithdrawAsync<T>(context, cancellationToken);

    private async ValueTask RaiseAsync<T>(CallEventContext context, CancellationToken cancellationToken)
        where T : class, IOperatorNotifier
    {
        var callEvent = context.Event;
        if (!callEvent.IsLive)
        {
            // Logged with the lag each time: otherwise a wrong clock of the machine would suppress every alert unnoticed.
            var lag = time.GetUtcNow() - callEvent.OccurredAt;
            metrics.RecordAlertSuppressed(callEvent.Call.Key.IdInstance);
            logger.AlertSuppressed(callEvent.Id, lag.TotalSeconds, options.CurrentValue.AlertWindow.TotalSeconds, callEvent.Call.Outcome);
            return;
        }

        var raised = new RaisedAlert(CreateAlert(callEvent, callEvent.Id, callEvent.OccurredAt));
        // The lookup starts before the alert is raised, and its result is shown afterwards: the alert must not wait for the name.
        var lookup = names.Resolve(callEvent.Call.Key.IdInstance, callEvent.Caller);
        await context.Services.GetRequiredService<T>().RaiseAsync(raised.Alert, cancellationToken).ConfigureAwait(false);
        metrics.RecordAlertRaised(callEvent.Call.Key.IdInstance, context.HandlerName, time.GetUtcNow() - callEvent.OccurredAt);

        var key = (callEvent.Call.Key, context.HandlerName);
        _raised[key] = raised;
        raised.Tracking = TrackAsync<T>(key, raised, lookup);
    }

    private async ValueTask WithdrawAsync<T>(CallEventContext context, CancellationToken cancellationToken)
        where T : class, IOperatorNotifier
    {
        var call = context.Event.Call;
        if (!_raised.TryGetValue((call.Key, context.HandlerName), out var raised))
        {
            // Never raised, ended already, or raised by an earlier process. Only in the last case is there an alert to withdraw.
            var offeredAt = call.OfferedAt ?? context.Event.OccurredAt;
            if (offeredAt + options.CurrentValue.AlertWindow <= time.GetUtcNow())
            {
                return;
            }

            raised = new(CreateAlert(context.Event, $"{call.Key}/{CallEventKind.Offered}", offeredAt));
        }

        raised.End();
        await raised.Tracking.ConfigureAwait(false);
        var alert = WithCall(raised.Alert, call with { Caller = raised.Alert.Caller });
        await context.Services.GetRequiredService<T>().WithdrawAsync(alert, cancellationToken).ConfigureAwait(false);
        _raised.TryRemove((call.Key, context.HandlerName), out _);
    }

    private async Task TrackAsync<T>((CallKey Call, string Notifier) key, RaisedAlert raised, PendingCaller lookup)
        where T : class, IOperatorNotifier
    {
        using var expiryCancellation = CancellationTokenSource.CreateLinkedTokenSource(lifetime?.ApplicationStopping ?? CancellationToken.None);
        var remaining = raised.Alert.ExpiresAt - time.GetUtcNow();
        var expiry = Task.Delay(remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero, time, expiryCancellation.Token);
        // A phone number that is found before the name is shown at once: names may wait for their rate limit for minutes.
        await Task.WhenAny(lookup.PartlyEnded, expiry, raised.Ended).ConfigureAwait(false);
        if (lookup.PartlyEnded.IsCompleted && !lookup.Result.IsCompleted)
        {
            await UpdateAsync<T>(key.Notifier, raised, names.WithKnownDetails(key.Call.IdInstance, raised.Alert.Caller)).ConfigureAwait(false);
        }

        await Task.WhenAny(lookup.Result, expiry, raised.Ended).ConfigureAwait(false);
        if (lookup.Result.IsCompletedSuccessfully)
        {
            await UpdateAsync<T>(key.Notifier, raised, lookup.Result.Result).ConfigureAwait(false);
        }

        await Task.WhenAny(expiry, raised.Ended).ConfigureAwait(false);
        // When the host stops, expiry is cancelled and its alerts are not withdrawn; they end with their expiry time.
        if (expiry.IsCompletedSuccessfully && !raised.Ended.IsCompleted)
        {
            await NotifyAsync<T>(key.Notifier, static (notifier, alert, token) => notifier.WithdrawAsync(alert, token), raised.Alert).ConfigureAwait(false);
            _raised.TryRemove(key, out _);
        }

        await expiryCancellation.CancelAsync().ConfigureAwait(false);
    }

    private async ValueTask UpdateAsync<T>(string notifierName, RaisedAlert raised, Caller caller)
        where T : class, IOperatorNotifier
    {
        if (!raised.Ended.IsCompleted && caller != raised.Alert.Caller)
        {
            raised.Alert = WithCall(raised.Alert, raised.Alert.Call with { Caller = caller });
            await NotifyAsync<T>(notifierName, static (notifier, alert, token) => notifier.UpdateAsync(alert, token), raised.Alert).ConfigureAwait(false);
        }
    }

    private async Task NotifyAsync<T>(string name, Func<T, OperatorAlert, CancellationToken, ValueTask> notify, OperatorAlert alert)
        where T : class, IOperatorNotifier
    {
        var run = new HandlerAttempt(name, hasDelivery: false, time.GetUtcNow());
        try
        {
            var timeout = options.CurrentValue.HandlerTimeout;
            using var timer = new CancellationTokenSource(timeout, time);
            await HandlerWatchdog.WaitAsync(
                NotifyInScopeAsync(notify, alert, run, timer.Token),
                timeout,
                time,
                () => logger.HandlerAbandoned(typeof(T).Name, HandlerWatchdog.AbandonAfter.TotalSeconds, alert.EventId),
                e => logger.AbandonedHandlerFailed(typeof(T).Name, alert.EventId, e)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            logger.NotifierFailed(typeof(T).Name, alert.EventId, e);
        }
        finally
        {
            await run.EndAsync(time).ConfigureAwait(false);
        }
    }

    private async ValueTask NotifyInScopeAsync<T>(
        Func<T, OperatorAlert, CancellationToken, ValueTask> notify, OperatorAlert alert, HandlerAttempt run, CancellationToken cancellationToken)
        where T : class, IOperatorNotifier
    {
        var scope = scopes.CreateAsyncScope();
        await using var disposal = scope.ConfigureAwait(false);
        scope.ServiceProvider.GetRequiredService<CurrentAttempt>().Value = run;
        await notify(scope.ServiceProvider.GetRequiredService<T>(), alert, cancellationToken).ConfigureAwait(false);
    }

    private OperatorAlert CreateAlert(CallEvent callEvent, string eventId, DateTimeOffset occurredAt) => new()
    {
        EventId = eventId,
        Call = callEvent.Call with { Caller = callEvent.Caller },
        ChatId = callEvent.Caller.ChatId,
        Caller = callEvent.Caller,
        Person = callEvent.Person,
        OccurredAt = occurredAt,
        // The earlier of both times: alerts must not last longer when the clock of the gateway is ahead.
        ExpiresAt = (occurredAt < callEvent.ReceivedAt ? occurredAt : callEvent.ReceivedAt) + options.CurrentValue.AlertWindow,
    };

    private static OperatorAlert WithCall(OperatorAlert alert, Call call) => new()
    {
        EventId = alert.EventId,
        Call = call,
        ChatId = call.Caller.ChatId,
        Caller = call.Caller,
        Person = alert.Person,
        OccurredAt = alert.OccurredAt,
        ExpiresAt = alert.ExpiresAt,
    };
}

/// <summary>A raised alert that has not been withdrawn.</summary>
internal sealed class RaisedAlert(OperatorAlert alert)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The alert as it was shown last.</summary>
    public OperatorAlert Alert { get; set; } = alert;

    /// <summary>Completes when the call has ended, after which the alert is no longer updated.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The task that updates the alert with the name and withdraws it at its expiry. It does not call the notifier after it has completed.</summary>
    public Task Tracking { get; set; } = Task.CompletedTask;

    public void End() => _ended.TrySetResult();
}
