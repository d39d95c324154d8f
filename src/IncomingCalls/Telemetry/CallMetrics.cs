using System.Diagnostics;
using System.Diagnostics.Metrics;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Telemetry;

/// <summary>
/// The instruments of the core. A listener of the host that throws is logged and does not affect the call: the same code counts an attempt that has
/// succeeded and must not be repeated.
/// </summary>
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
    private readonly LastKnownGoodOptions<IncomingCallsOptions> _options;
    private readonly FailureLog _log;

    /// <param name="options">The options, which say whether the metrics name the instance.</param>
    /// <param name="time">The clock of the log.</param>
    /// <param name="logger">The logger.</param>
    /// <param name="meters">The host's meter factory; null in a host without metrics, where the instruments exist without a listener.</param>
    public CallMetrics(LastKnownGoodOptions<IncomingCallsOptions> options, TimeProvider time, ILogger<CallMetrics> logger, IMeterFactory? meters = null)
    {
        _options = options;
        _log = new(time, e => logger.MetricListenerFailed(e), static () => { });
        var meterOptions = new MeterOptions(IncomingCallsTelemetry.MeterName) { Version = typeof(CallMetrics).Assembly.GetName().Version?.ToString(3) };
        var meter = meters?.Create(meterOptions) ?? new Meter(meterOptions);
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

    /// <param name="outcome">The outcome.</param>
    /// <param name="idInstance">The instance; null when the notification names none, or one that the host does not know.</param>
    public void RecordAccepted(IntakeOutcome outcome, long? idInstance) => Add(_notifications, idInstance, (CallTags.Outcome, outcome.ToString()));

    public void RecordNotAccepted() => Add(_notifications, null, (CallTags.Outcome, "Unavailable"));

    public void RecordLag(long idInstance, TimeSpan lag) => Record(_lag, idInstance, lag);

    /// <summary>Records that a call has its first outcome or one of a higher rank.</summary>
    public void RecordOutcome(Call call)
    {
        if (call.OfferedAt is null)
        {
            Add(_outcomesWithoutOffer, call.Key.IdInstance);
        }
        else if (call.RingTime is { } rang)
        {
            Record(_ringDuration, call.Key.IdInstance, rang, (CallTags.CallOutcome, call.Outcome.ToString()));
        }
    }

    public void RecordAlertRaised(long idInstance, string notifier, TimeSpan delay) =>
        Record(_alertDelay, idInstance, delay > TimeSpan.Zero ? delay : TimeSpan.Zero, (CallTags.Handler, notifier));

    public void RecordAlertSuppressed(long idInstance) => Add(_alertsSuppressed, idInstance);

    public void RecordOwnNumberCall(long idInstance) => Add(_ownNumberCalls, idInstance);

    public void RecordGivenUp(long? idInstance, string handler) => Add(_givenUp, idInstance, (CallTags.Handler, handler));

    /// <summary>Without the instance: what is quarantined may name any number.</summary>
    public void RecordQuarantined(string reason) => Add(_quarantined, null, (CallTags.Reason, reason));

    public void RecordRetry(long idInstance, string handler) => Add(_retries, idInstance, (CallTags.Handler, handler));

    public void RecordAttempt(long idInstance, string handler, AttemptOutcome outcome, TimeSpan duration) =>
        Record(_handlerDuration, idInstance, duration, (CallTags.Handler, handler), (CallTags.Result, outcome.ToString()));

    private void Add(Counter<long> counter, long? idInstance, params ReadOnlySpan<(string Name, string Value)> tags)
    {
        if (!counter.Enabled)
        {
            return;
        }

        try
        {
            counter.Add(1, CreateTags(idInstance, tags));
        }
        catch (Exception e)
        {
            _log.ReportFailure(e, e.Message);
        }
    }

    private void Record(Histogram<double> histogram, long idInstance, TimeSpan duration, params ReadOnlySpan<(string Name, string Value)> tags)
    {
        if (!histogram.Enabled)
        {
            return;
        }

        try
        {
            histogram.Record(duration.TotalSeconds, CreateTags(idInstance, tags));
        }
        catch (Exception e)
        {
            _log.ReportFailure(e, e.Message);
        }
    }

    private TagList CreateTags(long? idInstance, ReadOnlySpan<(string Name, string Value)> tags)
    {
        var list = new TagList();
        foreach (var (name, value) in tags)
        {
            list.Add(name, value);
        }

        if (idInstance is not null && _options.CurrentValue.MetricsPerInstance)
        {
            list.Add(CallTags.Instance, idInstance);
        }

        return list;
    }
}

/// <summary>The names of the tags of spans and metrics. All have low cardinality, except the instance, which metrics have only on request.</summary>
internal static class CallTags
{
    public const string Outcome = "incoming_calls.outcome";
    public const string CallOutcome = "incoming_calls.call.outcome";
    public const string Handler = "incoming_calls.handler";
    public const string Kind = "incoming_calls.event.kind";
    public const string Result = "incoming_calls.result";
    public const string Reason = "incoming_calls.reason";
    public const string Instance = "incoming_calls.instance";
}
