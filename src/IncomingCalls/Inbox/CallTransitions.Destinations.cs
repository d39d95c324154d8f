using IncomingCalls.Inbox.State;
using IncomingCalls.Telemetry;

namespace IncomingCalls.Inbox;

/// <content>The pauses of destinations and the rate limits of handlers.</content>
public sealed partial class CallTransitions
{
    /// <summary>Gets the rate limit of a handler.</summary>
    /// <param name="handlerName">The name of the handler.</param>
    /// <returns>The limit; null for none.</returns>
    public CallHandlerRateLimit? GetRateLimit(string handlerName) => _catalog.Find(handlerName)?.RateLimit;

    /// <summary>Gets how long a delivery of a handler waits for an unavailable destination.</summary>
    /// <param name="handlerName">The name of the handler.</param>
    /// <returns>The time, see <see cref="CallHandlerOptions.MaxPause"/>; the default for a handler that this host does not have.</returns>
    public TimeSpan GetMaxPause(string handlerName) => _catalog.Find(handlerName)?.MaxPause ?? new CallHandlerOptions().MaxPause;

    /// <summary>Computes the pause of a destination after an attempt, for inboxes that store it apart from the call.</summary>
    /// <param name="pause">The pause of the destination of the report, or else of the delivery; null for none.</param>
    /// <param name="report">The result of the attempt.</param>
    /// <returns>The change, whose two pauses are the same object when nothing has changed; null when no destination is known.</returns>
    public DestinationPauseChange? ChangePause(DestinationPause? pause, AttemptReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return (report.Destination ?? report.Attempt.Delivery.Destination) is not { } destination ? null
            : new() { Handler = report.Attempt.Delivery.HandlerName, Destination = destination, Before = pause, After = DestinationPause.After(pause, report, _time.GetUtcNow()) };
    }

    /// <summary>Settles a delivery: records the result of an attempt, after which the pause of its destination is known.</summary>
    /// <param name="before">The current state.</param>
    /// <param name="report">The result of the attempt.</param>
    /// <param name="pauseChange">The result of <see cref="ChangePause"/>.</param>
    /// <returns>The transition to write.</returns>
    public StateTransition Settle(CallState before, AttemptReport report, DestinationPauseChange? pauseChange)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(report);
        var now = _time.GetUtcNow();
        var settled = pauseChange?.After is { } pause && IsPostponed(report, pause, now)
            ? DeliveryLifecycle.Postpone(before, report, _rules.GetPostponedDueAt(pause, now))
            : SettleFinished(before, report, now);
        return ReferenceEquals(pauseChange?.Before, pauseChange?.After) ? settled : settled with { PauseChange = pauseChange };
    }

    /// <summary>Lets a delivery wait for its destination or for a permit, without an attempt.</summary>
    /// <param name="before">The current state.</param>
    /// <param name="attempt">The attempt that does not start.</param>
    /// <param name="dueAt">When the delivery is due again, in UTC.</param>
    /// <param name="waitsFor">What it waits for.</param>
    /// <returns>The transition to write.</returns>
    public static StateTransition Postpone(CallState before, DeliveryAttempt attempt, DateTimeOffset dueAt, DeliveryWait waitsFor)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(attempt);
        return DeliveryLifecycle.Postpone(before, attempt, dueAt, waitsFor);
    }

    /// <summary>
    /// Gives up a delivery without an attempt if it has waited for an unavailable destination for longer than <see cref="CallHandlerOptions.MaxPause"/>.
    /// </summary>
    /// <param name="attempt">The attempt that does not start.</param>
    /// <param name="pause">The pause of its destination.</param>
    /// <returns>The result, to be passed to <see cref="Settle(CallState, AttemptReport, DestinationPauseChange?)"/> with the unchanged pause; null when the delivery waits on.</returns>
    public AttemptReport? Expire(DeliveryAttempt attempt, DestinationPause pause)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(pause);
        return pause.HasOutlasted(GetMaxPause(attempt.Delivery.HandlerName), attempt.PendingEvent.Event.ReceivedAt, _time.GetUtcNow()) ? CreateExpiredReport(attempt, pause) : null;
    }

    /// <summary>
    /// Creates the result of a delivery that has waited for an unavailable destination for longer than <see cref="CallHandlerOptions.MaxPause"/>, without an attempt.
    /// </summary>
    internal static AttemptReport CreateExpiredReport(DeliveryAttempt attempt, DestinationPause pause) => new()
    {
        Attempt = attempt,
        Outcome = AttemptOutcome.Unavailable,
        Destination = pause.Destination,
        Error = pause.Reason,
    };

    /// <summary>Returns whether an attempt does not count, because its destination was unavailable or has asked for a delay.</summary>
    private bool IsPostponed(AttemptReport report, DestinationPause pause, DateTimeOffset now)
    {
        var receivedAt = report.Attempt.PendingEvent.Event.ReceivedAt;
        return report.Outcome == AttemptOutcome.Unavailable ? !pause.HasOutlasted(GetMaxPause(report.Attempt.Delivery.HandlerName), receivedAt, now)
            : report is { Outcome: AttemptOutcome.Failed, Destination: not null } && now - receivedAt < CountedAfter;
    }

    private void ReportPauseChange(DestinationPauseChange change)
    {
        switch (change)
        {
            case { After: { IsUnavailable: true } pause, Before: null or { IsUnavailable: false } }:
                _logger.DestinationPaused(pause.Destination, pause.Handler, pause.Until, pause.Reason);
                break;
            case { After: { IsUnavailable: false } delay, Before: null } when delay.Until - delay.Since > DestinationPause.UsualDelay:
                _logger.DestinationDelayed(delay.Destination, delay.Handler, delay.Until, delay.Reason);
                break;
            case { After: null or { IsUnavailable: false }, Before.IsUnavailable: true }:
                _logger.DestinationResumed(change.Destination, change.Handler, change.Before.Since);
                break;
        }
    }
}
