using System.Diagnostics.Metrics;
using IncomingCalls.Inbox;

namespace IncomingCalls.Telemetry;

/// <summary>The instruments of the core.</summary>
internal sealed class CallMetrics
{
    private readonly Counter<long> _notifications;
    private readonly Counter<long> _outcomesWithoutOffer;
    private readonly Counter<long> _alertsSuppressed;
    private readonly Counter<long> _ownNumberCalls;
    private readonly Counter<long> _givenUp;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _handlerDuration;
    private readonly Histogram<double> _lag;
    private readonly Histogram<double> _alertDelay;
    private readonly Histogram<double> _ringDuration;

    /// <param name="meters">The host's meter factory; null in a host without metrics, where the instruments exist without a listener.</param>
    public CallMetrics(IMeterFactory? meters = null)
    {
        var options = new MeterOptions(IncomingCallsTelemetry.MeterName) { Version = typeof(CallMetrics).Assembly.GetName().Version?.ToString(3) };
        var meter = meters?.Create(options) ?? new Meter(options);
        _notifications = meter.CreateCounter<long>("incoming_calls.notifications", "{notification}", "Notifications at the intake, by outcome.");
        _outcomesWithoutOffer = meter.CreateCounter<long>("incoming_calls.outcomes.without_offer", "{event}", "Outcomes of calls whose offer was never received.");
        _alertsSuppressed = meter.CreateCounter<long>("incoming_calls.alerts.suppressed", "{alert}", "Alerts that were due, but the call no longer rang.");
        _ownNumberCalls = meter.CreateCounter<long>("incoming_calls.own_number_calls", "{call}", "Calls whose offer named the instance itself as the caller.");
        _givenUp = meter.CreateCounter<long>("incoming_calls.given_up", "{event}", "Deliveries that were given up: the handler never succeeded.");
        _quarantined = meter.CreateCounter<long>("incoming_calls.quarantined", "{notification}", "Notifications that were quarantined.");
        _retries = meter.CreateCounter<long>("incoming_calls.retries", "{attempt}", "Attempts of a handler after its first.");
        _handlerDuration = meter.CreateHistogram<double>("incoming_calls.handler.duration", "s", "How long an attempt of a handler took.");
        _lag = meter.CreateHistogram<double>("incoming_calls.notification.lag", "s", "From the gateway's time to the receipt.");
        _alertDelay = meter.CreateHistogram<double>("incoming_calls.alert.delay", "s", "From the ring, by the gateway's time in whole seconds, until a notifier had raised the alert.");
        _ringDuration = meter.CreateHistogram<double>("incoming_calls.ring.duration", "s", "From the offer of a call to its outcome, by the gateway's times.");
    }

    public void RecordAccepted(IntakeOutcome outcome)
    {
        if (_notifications.Enabled)
        {
            _notifications.Add(1, new KeyValuePair<string, object?>(CallTags.Outcome, outcome.ToString()));
        }
    }

    public void RecordNotAccepted() => _notifications.Add(1, new KeyValuePair<string, object?>(CallTags.Outcome, "Unavailable"));

    public void RecordLag(TimeSpan lag)
    {
        if (_lag.Enabled)
        {
            _lag.Record(lag.TotalSeconds);
        }
    }

    /// <summary>Records that a call has its first outcome or one of a higher rank.</summary>
    public void RecordOutcome(Call call)
    {
        if (call.OfferedAt is null)
        {
            _outcomesWithoutOffer.Add(1);
        }
        else if (call.RingTime is { } rang && _ringDuration.Enabled)
        {
            _ringDuration.Record(rang.TotalSeconds, new KeyValuePair<string, object?>(CallTags.CallOutcome, call.Outcome.ToString()));
        }
    }

    public void RecordAlertRaised(string notifier, TimeSpan delay) =>
        _alertDelay.Record(Math.Max(0, delay.TotalSeconds), new KeyValuePair<string, object?>(CallTags.Handler, notifier));

    public void RecordAlertSuppressed() => _alertsSuppressed.Add(1);

    public void RecordOwnNumberCall() => _ownNumberCalls.Add(1);

    public void RecordGivenUp(string handler) => _givenUp.Add(1, new KeyValuePair<string, object?>(CallTags.Handler, handler));

    public void RecordQuarantined(string reason) => _quarantined.Add(1, new KeyValuePair<string, object?>(CallTags.Reason, reason));

    public void RecordRetry(string handler) => _retries.Add(1, new KeyValuePair<string, object?>(CallTags.Handler, handler));

    public void RecordAttempt(string handler, AttemptOutcome outcome, TimeSpan duration)
    {
        if (_handlerDuration.Enabled)
        {
            _handlerDuration.Record(
                duration.TotalSeconds,
                new KeyValuePair<string, object?>(CallTags.Handler, handler),
                new KeyValuePair<string, object?>(CallTags.Result, outcome.ToString()));
        }
    }
}

/// <summary>The names of the tags of spans and metrics. All have low cardinality.</summary>
internal static class CallTags
{
    public const string Outcome = "incoming_calls.outcome";
    public const string CallOutcome = "incoming_calls.call.outcome";
    public const string Handler = "incoming_calls.handler";
    public const string Kind = "incoming_calls.event.kind";
    public const string Result = "incoming_calls.result";
    public const string Reason = "incoming_calls.reason";
}
