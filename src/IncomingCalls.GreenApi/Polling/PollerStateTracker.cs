using IncomingCalls.GreenApi.Models;
using IncomingCalls.GreenApi.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Polling;

/// <summary>
/// How one poller is, and how long it waits before the next try. A state is told once, when it begins, and once when it is over.
/// </summary>
internal sealed class PollerStateTracker(long idInstance, PollerContext context)
{
    /// <summary>After so many failures in a row an instance counts as not polled; fewer are a hiccup.</summary>
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

    /// <summary>Notes an answer of failure.</summary>
    /// <returns>The wait before the next try.</returns>
    public TimeSpan RecordFailure(string method, GreenApiStatus status, string answer)
    {
        var wait = EnterState(PollerStateMapping.FromStatus(status), out var isNew);
        switch (State)
        {
            case PollerState.Stopped when isNew:
                _logger.PollerStopped(idInstance, method, answer, GreenApiStatusAdvice.Get(status), wait.TotalSeconds);
                break;
            case PollerState.NotAuthorized when isNew:
                _logger.InstanceNotAuthorized(idInstance, wait.TotalSeconds);
                break;
            case PollerState.WebhookUrlSet when isNew:
                _logger.WebhookUrlSet(idInstance, wait.TotalSeconds);
                break;
            case PollerState.Retrying when isNew:
                _logger.PollFailed(idInstance, method, answer, wait.TotalSeconds);
                break;
            case PollerState.Starting or PollerState.QuotaExceeded when isNew:
                _logger.PollerSlowed(idInstance, State, wait.TotalSeconds);
                break;
            default:
                _logger.PollStillFailing(idInstance, method, answer, wait.TotalSeconds);
                break;
        }

        return wait;
    }

    /// <summary>Notes that a notification could not be kept or has no number to delete it by.</summary>
    /// <returns>The wait before it is received again.</returns>
    public TimeSpan RecordStoreFailure() => EnterState(PollerState.Retrying, out _);

    private TimeSpan EnterState(PollerState state, out bool isNew)
    {
        isNew = State != state;
        _failures = isNew ? 0 : _failures;
        State = state;
        // Jitter only lengthens a fixed wait and only shortens a growing one, so that neither leaves its documented bound.
        return PollerStateMapping.FindFixedDelay(state) is { } fixedWait
            ? fixedWait * (1 + (0.1 * context.Random()))
            : NextRetryDelay() * (1 - (0.5 * context.Random()));
    }

    private TimeSpan NextRetryDelay()
    {
        var options = context.Options.CurrentValue;
        var factor = Math.Pow(2, Math.Min(_failures++, 30));
        var longest = options.MaxRetryDelay;
        return options.InitialRetryDelay.TotalSeconds * factor < longest.TotalSeconds ? options.InitialRetryDelay * factor : longest;
    }
}

/// <summary>What each answer means for a poller.</summary>
internal static class PollerStateMapping
{
    /// <summary>Below the five minutes that a started instance may take, above any limit on requests.</summary>
    private static readonly TimeSpan StartingDelay = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SlowDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WebhookUrlSetDelay = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A stopped poller looks again now and then: an instance is paid for, or a suspension ends, without any change on our side.
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

    /// <summary>The wait of a state before the next try; null for one that grows with the failures.</summary>
    public static TimeSpan? FindFixedDelay(PollerState state) => state switch
    {
        PollerState.Stopped => StoppedDelay,
        PollerState.NotAuthorized or PollerState.QuotaExceeded => SlowDelay,
        PollerState.WebhookUrlSet => WebhookUrlSetDelay,
        PollerState.Starting => StartingDelay,
        _ => null,
    };
}
