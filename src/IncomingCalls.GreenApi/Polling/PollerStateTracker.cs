using IncomingCalls.GreenApi.Models;
using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Polling;

/// <summary>
/// Tracks the state of one poller and computes the delay before its next attempt. A state is logged when it is entered and when the poller
/// has recovered.
/// </summary>
internal sealed class PollerStateTracker(long idInstance, PollerContext context)
{
    /// <summary>The number of consecutive failures from which an instance counts as not polled. Fewer failures are transient.</summary>
    private const int UnhealthyFailureCount = 3;

    /// <summary>How long wrong credentials or a wrong address are retried within seconds: a single such answer is a fault of the gateway.</summary>
    private static readonly TimeSpan RefusalTolerance = TimeSpan.FromMinutes(5);

    /// <summary>How long an expired instance is retried each minute: a new or just paid one answers that it has expired for its first minutes.</summary>
    private static readonly TimeSpan ExpiryTolerance = TimeSpan.FromHours(2);

    private readonly ILogger _logger = context.Logger;
    private int _failures;

    /// <summary>Which refusal of the API every answer has been lately, and since when.</summary>
    private (PollerState Kind, long Since)? _refusal;

    /// <summary>The states that were logged since the last success, so that alternating failures do not fill the log.</summary>
    private readonly HashSet<PollerState> _logged = [];

    public PollerState State { get; private set; }

    public bool IsHealthy => State is PollerState.Polling or PollerState.QuotaExceeded || (IsTransient(State) && _failures < UnhealthyFailureCount);

    public void RecordSuccess()
    {
        if (State != PollerState.Polling)
        {
            _logger.PollerRecovered(idInstance, State);
        }

        State = PollerState.Polling;
        _failures = 0;
        _refusal = null;
        _logged.Clear();
    }

    /// <summary>Records a failed request.</summary>
    /// <returns>The delay before the next attempt.</returns>
    public TimeSpan RecordFailure(string method, GreenApiStatus status, string result)
    {
        var kind = PollerStateMapping.FromStatus(status);
        var delay = EnterState(HasLasted(kind) ? PollerState.Stopped : kind, kind, out var isNew);
        switch (State)
        {
            case PollerState.Refused when isNew:
                _logger.PollRefused(idInstance, method, result, GreenApiStatusAdvice.Get(status), delay.TotalSeconds, RefusalTolerance.TotalMinutes);
                break;
            case PollerState.Expired when isNew:
                _logger.InstanceExpired(idInstance, delay.TotalSeconds);
                break;
            case PollerState.Stopped when isNew:
                _logger.PollerStopped(idInstance, method, result, GreenApiStatusAdvice.Get(status), delay.TotalSeconds);
                break;
            case PollerState.NotAuthorized when isNew:
                _logger.InstanceNotAuthorized(idInstance, delay.TotalSeconds);
                break;
            case PollerState.WebhookUrlSet when isNew:
                _logger.WebhookUrlSet(idInstance, delay.TotalSeconds);
                break;
            case PollerState.Retrying when isNew:
                _logger.PollFailed(method, idInstance, result, delay.TotalSeconds);
                break;
            case PollerState.Starting or PollerState.QuotaExceeded when isNew:
                _logger.PollerSlowed(idInstance, State, delay.TotalSeconds);
                break;
            default:
                _logger.PollStillFailing(method, idInstance, result, delay.TotalSeconds);
                break;
        }

        return delay;
    }

    /// <summary>Records that a notification could not be stored, or has no receiptId to delete it with.</summary>
    /// <returns>The delay before it is received again.</returns>
    public TimeSpan RecordStoreFailure()
    {
        _refusal = null;
        return EnterState(PollerState.Retrying, PollerState.Retrying, out _);
    }

    /// <summary>Returns whether the API has refused every request for so long that the refusal is no passing fault. Requests without an answer do not count.</summary>
    private bool HasLasted(PollerState kind)
    {
        if (kind is not (PollerState.Refused or PollerState.Expired))
        {
            _refusal = kind == PollerState.Retrying ? _refusal : null;
            return false;
        }

        _refusal = _refusal is { } refusal && refusal.Kind == kind ? refusal : (kind, context.Time.GetTimestamp());
        return context.Time.GetElapsedTime(_refusal.Value.Since) >= (kind == PollerState.Refused ? RefusalTolerance : ExpiryTolerance);
    }

    private TimeSpan EnterState(PollerState state, PollerState kind, out bool isNew)
    {
        isNew = _logged.Add(state);
        _failures = State == state || (IsTransient(State) && IsTransient(state)) ? _failures + 1 : 1;
        State = state;
        // Jitter only lengthens a fixed delay and only shortens a growing one, so that neither exceeds its documented bound.
        return PollerStateMapping.FindDelay(state, kind, _failures) is { } delay
            ? delay * (1 + (0.1 * context.Random()))
            : GetRetryDelay() * (1 - (0.5 * context.Random()));
    }

    private static bool IsTransient(PollerState state) => state is PollerState.Retrying or PollerState.Refused;

    private TimeSpan GetRetryDelay()
    {
        var options = context.Options.CurrentValue;
        return Backoff.DelayFor(_failures, options.InitialRetryDelay, options.MaxRetryDelay);
    }
}

/// <summary>Maps the statuses of the API to poller states, and the states to delays.</summary>
internal static class PollerStateMapping
{
    /// <summary>Shorter than the five minutes that an instance may take to start, and longer than any rate limit requires.</summary>
    private static readonly TimeSpan StartingDelay = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SlowDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WebhookUrlSetDelay = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ExpiredDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan[] RefusedDelays = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)];

    /// <summary>
    /// A stopped poller retries at this interval: an instance may be paid for, or a suspension may end, without a change in this host.
    /// </summary>
    private static readonly TimeSpan StoppedDelay = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan StoppedExpiredDelay = TimeSpan.FromMinutes(15);

    public static PollerState FromStatus(GreenApiStatus status) => status switch
    {
        GreenApiStatus.Ok => PollerState.Polling,
        GreenApiStatus.Unauthorized or GreenApiStatus.Forbidden or GreenApiStatus.NotFound => PollerState.Refused,
        GreenApiStatus.Expired => PollerState.Expired,
        GreenApiStatus.NotAuthorized => PollerState.NotAuthorized,
        GreenApiStatus.WebhookUrlSet => PollerState.WebhookUrlSet,
        GreenApiStatus.Starting => PollerState.Starting,
        GreenApiStatus.QuotaExceeded => PollerState.QuotaExceeded,
        _ => PollerState.Retrying,
    };

    /// <summary>Gets the delay before the next attempt; null for a state with backoff.</summary>
    /// <param name="state">The state.</param>
    /// <param name="kind">The state that the last answer alone would lead to.</param>
    /// <param name="failures">The number of failures in this state, from 1.</param>
    public static TimeSpan? FindDelay(PollerState state, PollerState kind, int failures) => state switch
    {
        PollerState.Refused => RefusedDelays[Math.Min(failures, RefusedDelays.Length) - 1],
        PollerState.Expired => ExpiredDelay,
        PollerState.Stopped => kind == PollerState.Expired ? StoppedExpiredDelay : StoppedDelay,
        PollerState.NotAuthorized or PollerState.QuotaExceeded => SlowDelay,
        PollerState.WebhookUrlSet => WebhookUrlSetDelay,
        PollerState.Starting => StartingDelay,
        _ => null,
    };
}
