using System.Threading.RateLimiting;

namespace IncomingCalls;

/// <summary>
/// Those of one instance who wait for their GetContactInfo request. The limiter says when the next one may go, the line says
/// who that is: a ringing call before all others.
/// </summary>
internal sealed class ContactLine(long idInstance, PartitionedRateLimiter<long> limiter)
{
    /// <summary>Of each kind. At one request per second the last of so many waits eight minutes; who comes later is better off asking anew.</summary>
    public const int Capacity = 500;

    private readonly Lock _gate = new();
    private readonly LinkedList<WaitingQuery> _waiting = new();
    private bool _isMoving;

    /// <summary>Until when nobody is asked for, and with which token this was found out.</summary>
    public ContactPause? Pause { get; set; }

    /// <summary>Waits for a turn.</summary>
    /// <returns>A task that completes when it is one's turn; null when too many of its kind wait.</returns>
    public Task? Enter(CallerNameQuery query)
    {
        var waiting = new WaitingQuery(query);
        lock (_gate)
        {
            if (_waiting.Count(other => other.Query.IsRinging == query.IsRinging) >= Capacity)
            {
                return null;
            }

            _waiting.AddLast(waiting);
            if (!_isMoving)
            {
                _isMoving = true;
                _ = MoveAsync();
            }
        }

        return waiting.Turn.Task;
    }

    private async Task MoveAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (IsAnybodyWaiting())
        {
            try
            {
                using var lease = await limiter.AcquireAsync(idInstance).ConfigureAwait(false);
                Next().TrySetResult();
            }
            catch (ObjectDisposedException)
            {
                // The host is gone, and nobody waits for a name any more.
                Next().TrySetCanceled();
            }
            catch (Exception e)
            {
                // One look-up fails, and the line moves on.
                Next().TrySetException(e);
            }
        }
    }

    private bool IsAnybodyWaiting()
    {
        lock (_gate)
        {
            _isMoving = _waiting.Count > 0;
            return _isMoving;
        }
    }

    /// <summary>Chosen only when the permit is there, so that a caller who begins to ring meanwhile goes first.</summary>
    private TaskCompletionSource Next()
    {
        lock (_gate)
        {
            var next = _waiting.FirstOrDefault(waiting => waiting.Query.IsRinging) ?? _waiting.First!.Value;
            _waiting.Remove(next);
            return next.Turn;
        }
    }
}
