using IncomingCalls.Instances;
using IncomingCalls.Policies;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>The outcome timeouts of the calls in memory. One queue suffices, because all calls have the same timeout.</summary>
internal sealed class OutcomeTimers(
    CallPolicyEvaluator policy,
    CatchUpTracker catchUp,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    TimeProvider time,
    ILogger<OutcomeTimers> logger)
{
    /// <summary>How long a timeout is postponed while the instance is catching up or handlers fail.</summary>
    private static readonly TimeSpan Postponement = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<CallKey, DateTimeOffset> _waiting = new();

    /// <summary>Applies the timeout to a call; returns whether it is settled.</summary>
    public Func<CallKey, CallDecision, DateTimeOffset, Task<bool>>? Due { get; set; }

    public void Start(CallKey key)
    {
        var timeout = options.CurrentValue.OutcomeTimeout;
        if (timeout > TimeSpan.Zero)
        {
            Enqueue(key, time.GetUtcNow() + timeout);
        }
    }

    /// <summary>Processes the timeouts that are due, once a second, until the token is signalled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            while (TryDequeue(time.GetUtcNow(), out var key))
            {
                // Not awaited: a slow handler must not delay the other calls. The method does not throw.
                _ = HandleDueAsync(key);
            }
        }
    }

    private async Task HandleDueAsync(CallKey key)
    {
        var isSettled = false;
        try
        {
            if (!catchUp.IsCatchingUp(key.IdInstance))
            {
                var decision = policy.Decide(new() { Kind = CallEventKind.OutcomeUnknown, IdInstance = key.IdInstance });
                isSettled = decision.Kind == CallDecisionKind.Discard || await Due!(key, decision, time.GetUtcNow()).ConfigureAwait(false);
            }
        }
        catch (CallPolicyException)
        {
            // Logged by the evaluator. Another evaluation would fail again, and there is no notification to quarantine.
            isSettled = true;
        }
        catch (Exception e)
        {
            logger.OutcomeTimerFailed(key, e);
        }

        if (!isSettled)
        {
            Enqueue(key, time.GetUtcNow() + Postponement);
        }
    }

    private void Enqueue(CallKey key, DateTimeOffset due)
    {
        lock (_gate)
        {
            if (_waiting.Count < options.CurrentValue.InMemory.MaxCalls)
            {
                _waiting.Enqueue(key, due);
            }
            else
            {
                // Drops the oldest timeout: the inbox has evicted that call for lack of capacity.
                _waiting.EnqueueDequeue(key, due);
            }
        }
    }

    private bool TryDequeue(DateTimeOffset now, out CallKey key)
    {
        lock (_gate)
        {
            if (_waiting.TryPeek(out key, out var due) && due <= now)
            {
                _waiting.Dequeue();
                return true;
            }

            return false;
        }
    }
}
