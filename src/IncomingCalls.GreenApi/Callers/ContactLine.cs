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
    private readonly Queue<TaskCompletionSource> _ringing = new();
    private readonly Queue<TaskCompletionSource> _others = new();
    private bool _isMoving;

    /// <summary>Until when nobody is asked for, and with which token this was found out.</summary>
    public ContactPause? Pause { get; set; }

    /// <summary>Waits for a turn.</summary>
    /// <returns>A task that completes when it is one's turn; null when the line is too long.</returns>
    public Task? Enter(bool isRinging)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var line = isRinging ? _ringing : _others;
            if (line.Count >= Capacity)
            {
                return null;
            }

            line.Enqueue(turn);
            if (!_isMoving)
            {
                _isMoving = true;
                _ = MoveAsync();
            }
        }

        return turn.Task;
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
            _isMoving = _ringing.Count + _others.Count > 0;
            return _isMoving;
        }
    }

    /// <summary>Chosen only when the permit is there, so that a call that begins to ring meanwhile goes first.</summary>
    private TaskCompletionSource Next()
    {
        lock (_gate)
        {
            return _ringing.Count > 0 ? _ringing.Dequeue() : _others.Dequeue();
        }
    }
}
