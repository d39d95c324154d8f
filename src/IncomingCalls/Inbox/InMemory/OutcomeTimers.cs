using IncomingCalls.Instances;
using IncomingCalls.Policies;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>Notices offers that no outcome ever followed. One timer for all, since every call waits equally long.</summary>
internal sealed class OutcomeTimers(
    CallPolicyEvaluator policy,
    CatchUpTracker backlog,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    TimeProvider time,
    ILogger<OutcomeTimers> logger)
{
    /// <summary>While an instance catches up, or handlers fail, the call is looked at again after this.</summary>
    private static readonly TimeSpan Postponement = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<CallKey, DateTimeOffset> _waiting = new();

    /// <summary>What to do with a call that waited long enough; answers whether it is settled.</summary>
    public Func<CallKey, CallDecision, DateTimeOffset, Task<bool>>? Due { get; set; }

    public void Start(CallKey key)
    {
        var timeout = options.CurrentValue.OutcomeTimeout;
        if (timeout > TimeSpan.Zero)
        {
            Enqueue(key, time.GetUtcNow() + timeout);
        }
    }

    /// <summary>Runs until the token is signalled, looking at the calls once a second.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            while (TryDequeue(time.GetUtcNow(), out var key))
            {
                // Not awaited: a handler that takes its time must not hold up the other calls. It keeps its failures to itself.
                _ = HandleDueAsync(key);
            }
        }
    }

    private async Task HandleDueAsync(CallKey key)
    {
        var isSettled = false;
        try
        {
            if (!backlog.IsCatchingUp(key.IdInstance))
            {
                var decision = policy.Decide(new() { Kind = CallEventKind.OutcomeUnknown, IdInstance = key.IdInstance });
                isSettled = decision.Kind == CallDecisionKind.Discard || await Due!(key, decision, time.GetUtcNow()).ConfigureAwait(false);
            }
        }
        catch (CallPolicyException)
        {
            // Logged where it was thrown. Asked again it would fail again, and no quarantine keeps what no notification brought.
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
                // The oldest call is the one that the inbox's memory has forgotten for lack of room.
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
