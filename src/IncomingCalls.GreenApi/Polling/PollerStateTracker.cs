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

    private readonly ILogger _logger = context.Logger;
    private int _failures;

    public PollerState State { get; private set; }

    public bool IsHealthy => State is PollerState.Polling or PollerState.QuotaExceeded || (State == PollerState.Retrying && _failures < UnhealthyFailureCount);

    public void RecordSuccess()
    {
        if (State != PollerState.Polling)
        {
            _logger.PollerRecovered(idInstance, State);
        }

        State = PollerState.Polling;
        _failures = 0;
    }

    /// <summary>Records a failed request.</summary>
    /// <returns>The delay before the next attempt.</returns>
    public TimeSpan RecordFailure(string method, GreenApiStatus status, string result)
    {
        var delay = EnterState(PollerStateMapping.FromStatus(status), out var isNew);
        switch (State)
        {
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
    public TimeSpan RecordStoreFailure() => EnterState(PollerState.Retrying, out _);

    private TimeSpan EnterState(PollerState state, out bool isNew)
    {
        isNew = State != state;
        _failures = isNew ? 0 : _failures;
        State = state;
        // Jitter only lengthens a fixed delay and only shortens a growing one, so that neither exceeds its documented bound.
        return PollerStateMapping.FindFixedDelay(state) is { } fixedDelay
            ? fixedDelay * (1 + (0.1 * context.Random()))
            : NextRetryDelay() * (1 - (0.5 * context.Random()));
    }

    private TimeSpan NextRetryDelay()
    {
        var options = context.Options.CurrentValue;
        return Backoff.DelayFor(++_failures, options.InitialRetryDelay, options.MaxRetryDelay);
    }
}

/// <summary>Maps the statuses of the API to poller states, and the states to delays.</summary>
internal static class PollerStateMapping
{
    /// <summary>Shorter than the five minutes that an instance may take to start, and longer than any rate limit requires.</summary>
    private static readonly TimeSpan StartingDelay = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SlowDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WebhookUrlSetDelay = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A stopped poller retries at this interval: an instance may be paid for, or a suspension may end, without a change in this host.
    /// </summary>
    private static readonly TimeSpan StoppedDelay = TimeSpan.FromMinutes(10);

    public static PollerState FromStatus(GreenApiStatus status) => status switch
    {
        GreenApiStatus.Ok => PollerState.Polling,
        GreenApiStatus.Unauthorized or GreenApiStatus.Forbidden or GreenApiStatus.NotFound or GreenApiStatus.Expired => PollerState.Stopped,
        GreenApiStatus.NotAuthorized => PollerState.NotAuthorized,
        GreenApiStatus.WebhookUrlSet => PollerState.WebhookUrlSet,
        GreenApiStatus.Starting => PollerState.Starting,
        GreenApiStatus.QuotaExceeded => PollerState.QuotaExceeded,
        _ => PollerState.Retrying,
    };

    /// <summary>Gets the fixed delay of a state before the next attempt; null for a state with backoff.</summary>
    public static TimeSpan? FindFixedDelay(PollerState state) => state switch
    {
        PollerState.Stopped => StoppedDelay,
        PollerState.NotAuthorized or PollerState.QuotaExceeded => SlowDelay,
        PollerState.WebhookUrlSet => WebhookUrlSetDelay,
        PollerState.Starting => StartingDelay,
        _ => null,
    };
}
