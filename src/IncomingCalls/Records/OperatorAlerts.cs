using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Callers;
using IncomingCalls.Handling;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Records;

/// <summary>
/// Raises, updates and withdraws alerts. What is on operators' screens is kept in memory only: after a restart an alert is
/// over by itself when it expires.
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

    /// <summary>Registers a notifier of the host as a handler.</summary>
    public static CallHandlerRegistration CreateRegistration<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(string? name)
        where T : class, IOperatorNotifier =>
        new(typeof(T), CallHandlerRole.Notifier, new() { Name = name }, static (context, cancellationToken) =>
            context.Services.GetRequiredService<OperatorAlerts>().HandleAsync<T>(context, cancellationToken));

    /// <summary>Passes an event to a notifier.</summary>
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
            // Logged with its lag each time: a wrong clock of the host would otherwise silence every alert unseen.
            var lag = time.GetUtcNow() - callEvent.OccurredAt;
            metrics.RecordAlertSuppressed();
            logger.AlertSuppressed(callEvent.Id, lag.TotalSeconds, options.CurrentValue.AlertWindow.TotalSeconds, callEvent.Call.Outcome);
            return;
        }

        var raised = new RaisedAlert(CreateAlert(callEvent.Call, callEvent.Id, callEvent.Caller, callEvent.OccurredAt, callEvent.ReceivedAt));
        // Asked before the alert goes out, shown after it: the name must not cost the alert a moment.
        var finding = names.ResolveAsync(callEvent.Call.Key.IdInstance, callEvent.Caller, isRinging: true, CancellationToken.None).AsTask();
        await context.Services.GetRequiredService<T>().RaiseAsync(raised.Alert, cancellationToken).ConfigureAwait(false);
        metrics.RecordAlertRaised(context.HandlerName, time.GetUtcNow() - callEvent.OccurredAt);

        var key = (callEvent.Call.Key, context.HandlerName);
        _raised[key] = raised;
        raised.Tracking = TrackAsync<T>(key, raised, finding);
    }

    private async ValueTask WithdrawAsync<T>(CallEventContext context, CancellationToken cancellationToken)
        where T : class, IOperatorNotifier
    {
        var call = context.Event.Call;
        if (!_raised.TryGetValue((call.Key, context.HandlerName), out var raised))
        {
            // Never raised, over already, or raised by an earlier process. Only the last leaves something to take away.
            var rangAt = call.OfferedAt ?? context.Event.OccurredAt;
            if (rangAt + options.CurrentValue.AlertWindow <= time.GetUtcNow())
            {
                return;
            }

            raised = new(CreateAlert(call, $"{call.Key}/{CallEventKind.Offered}", context.Event.Caller, rangAt, context.Event.ReceivedAt));
        }

        raised.End();
        await raised.Tracking.ConfigureAwait(false);
        var alert = WithCall(raised.Alert, call with { Caller = raised.Alert.Caller });
        await context.Services.GetRequiredService<T>().WithdrawAsync(alert, cancellationToken).ConfigureAwait(false);
        _raised.TryRemove((call.Key, context.HandlerName), out _);
    }

    private async Task TrackAsync<T>((CallKey, string) key, RaisedAlert raised, Task<Caller> finding)
        where T : class, IOperatorNotifier
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(lifetime?.ApplicationStopping ?? CancellationToken.None);
        var remaining = raised.Alert.ExpiresAt - time.GetUtcNow();
        var expiry = Task.Delay(remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero, time, over.Token);
        await Task.WhenAny(finding, expiry, raised.Ended).ConfigureAwait(false);
        if (finding.IsCompletedSuccessfully && !raised.Ended.IsCompleted && finding.Result != raised.Alert.Caller)
        {
            raised.Alert = WithCall(raised.Alert, raised.Alert.Call with { Caller = finding.Result });
            await NotifyAsync<T>(static (notifier, alert, token) => notifier.UpdateAsync(alert, token), raised.Alert).ConfigureAwait(false);
        }

        await Task.WhenAny(expiry, raised.Ended).ConfigureAwait(false);
        // A host that stops leaves its alerts to their expiry time.
        if (expiry.IsCompletedSuccessfully && !raised.Ended.IsCompleted)
        {
            await NotifyAsync<T>(static (notifier, alert, token) => notifier.WithdrawAsync(alert, token), raised.Alert).ConfigureAwait(false);
            _raised.TryRemove(key, out _);
        }

        await over.CancelAsync().ConfigureAwait(false);
    }

    private async Task NotifyAsync<T>(Func<T, OperatorAlert, CancellationToken, ValueTask> tell, OperatorAlert alert)
        where T : class, IOperatorNotifier
    {
        try
        {
            var limit = options.CurrentValue.HandlerTimeout;
            using var timer = new CancellationTokenSource(limit, time);
            await HandlerWatchdog.WaitAsync(
                NotifyInScopeAsync(tell, alert, timer.Token),
                limit,
                time,
                () => logger.HandlerAbandoned(typeof(T).Name, HandlerWatchdog.AbandonAfter.TotalSeconds, alert.EventId),
                e => logger.AbandonedHandlerFailed(typeof(T).Name, alert.EventId, e)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            logger.NotifierFailed(typeof(T).Name, alert.EventId, e);
        }
    }

    private async ValueTask NotifyInScopeAsync<T>(
        Func<T, OperatorAlert, CancellationToken, ValueTask> tell, OperatorAlert alert, CancellationToken cancellationToken)
        where T : class, IOperatorNotifier
    {
        var scope = scopes.CreateAsyncScope();
        await using var disposal = scope.ConfigureAwait(false);
        await tell(scope.ServiceProvider.GetRequiredService<T>(), alert, cancellationToken).ConfigureAwait(false);
    }

    private OperatorAlert CreateAlert(Call call, string eventId, Caller caller, DateTimeOffset occurredAt, DateTimeOffset receivedAt) => new()
    {
        EventId = eventId,
        Call = call with { Caller = caller },
        ChatId = caller.ChatId,
        Caller = caller,
        OccurredAt = occurredAt,
        // A gateway whose clock is ahead must not make alerts last longer.
        ExpiresAt = (occurredAt < receivedAt ? occurredAt : receivedAt) + options.CurrentValue.AlertWindow,
    };

    private static OperatorAlert WithCall(OperatorAlert alert, Call call) => new()
    {
        EventId = alert.EventId,
        Call = call,
        ChatId = call.Caller.ChatId,
        Caller = call.Caller,
        OccurredAt = alert.OccurredAt,
        ExpiresAt = alert.ExpiresAt,
    };
}

/// <summary>An alert that an operator sees now.</summary>
internal sealed class RaisedAlert(OperatorAlert alert)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The alert as last shown.</summary>
    public OperatorAlert Alert { get; set; } = alert;

    /// <summary>Completes when the call ended, so that nobody updates the alert any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Waits for the name and for the alert's end; completes when it will not touch the notifier again.</summary>
    public Task Tracking { get; set; } = Task.CompletedTask;

    public void End() => _ended.TrySetResult();
}
