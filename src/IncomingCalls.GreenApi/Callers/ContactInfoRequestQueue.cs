using System.Threading.RateLimiting;

namespace IncomingCalls;

/// <summary>
/// Those of one instance who wait for their GetContactInfo request. The limiter says when the next one may go, the line says
/// who that is: a ringing call before all others.
/// </summary>
internal sealed class ContactInfoRequestQueue(long idInstance, PartitionedRateLimiter<long> limiter)
{
    /// <summary>Of each kind. At one request per second the last of so many waits eight minutes; who comes later is better off asking anew.</summary>
    public const int Capacity = 500;

    private readonly Lock _lock = new();
    private readonly LinkedList<QueuedCallerNameQuery> _waiting = new();
    private bool _isDispatching;

    /// <summary>Until when nobody is asked for, and with which token this was found out.</summary>
    public ContactInfoPause? Pause { get; set; }

    /// <summary>Waits for a turn.</summary>
    /// <returns>A task that completes when it is one's turn; null when too many of its kind wait.</returns>
    public Task? TryEnqueue(CallerNameQuery query)
    {
        var waiting = new QueuedCallerNameQuery(query);
        lock (_lock)
        {
            if (_waiting.Count(other => other.Query.IsRinging == query.IsRinging) >= Capacity)
            {
                return null;
            }

            _waiting.AddLast(waiting);
            if (!_isDispatching)
            {
                _isDispatching = true;
                _ = DispatchAsync();
            }
        }

        return waiting.Permit.Task;
    }

    private async Task DispatchAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (TryContinueDispatch())
        {
            try
            {
                using var lease = await limiter.AcquireAsync(idInstance).ConfigureAwait(false);
                DequeueNext().TrySetResult();
            }
            catch (ObjectDisposedException)
            {
                // The host is gone, and nobody waits for a name any more.
                DequeueNext().TrySetCanceled();
            }
            catch (Exception e)
            {
                // One look-up fails, and the line moves on.
                DequeueNext().TrySetException(e);
            }
        }
    }

    private bool TryContinueDispatch()
    {
        lock (_lock)
        {
            _isDispatching = _waiting.Count > 0;
            return _isDispatching;
        }
    }

    /// <summary>Chosen only when the permit is there, so that a caller who begins to ring meanwhile goes first.</summary>
    private TaskCompletionSource DequeueNext()
    {
        lock (_lock)
        {
            var next = _waiting.FirstOrDefault(waiting => waiting.Query.IsRinging) ?? _waiting.First!.Value;
            _waiting.Remove(next);
            return next.Permit;
        }
    }
}
