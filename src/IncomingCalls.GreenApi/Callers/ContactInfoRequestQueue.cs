using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using IncomingCalls.Shared;

namespace IncomingCalls.GreenApi.Callers;

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

/// <summary>The lines of all instances and the limiter before them.</summary>
internal sealed class ContactInfoRequestQueues(PartitionedRateLimiter<long> limiter) : IDisposable
{
    // The gateway allows n requests in a second. A window that moves on by fifths frees a permit when the fifth it was used in
    // drops out, which may be almost one fifth early; a window of 1.25 s makes that 1 s at least.
    private const int Segments = 5;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1.25);

    private readonly ConcurrentDictionary<long, ContactInfoRequestQueue> _queues = new();

    public static ContactInfoRequestQueues Create(LastKnownGoodOptions<GreenApiOptions> options) => new(PartitionedRateLimiter.Create<long, (long, int)>(
        idInstance => RateLimitPartition.GetSlidingWindowLimiter((idInstance, RequestsPerSecond(options.CurrentValue, idInstance)), static key => new()
        {
            PermitLimit = key.Item2,
            Window = Window,
            SegmentsPerWindow = Segments,
            QueueLimit = int.MaxValue,
        })));

    public ContactInfoRequestQueue GetOrCreate(long idInstance) => _queues.GetOrAdd(idInstance, static (id, limiter) => new(id, limiter), limiter);

    public void Dispose() => limiter.Dispose();

    private static int RequestsPerSecond(GreenApiOptions options, long idInstance) =>
        options.Instances?.FirstOrDefault(instance => instance.IdInstance == idInstance)?.CallerNamesPerSecond ?? options.CallerNamesPerSecond;
}

/// <summary>A query in a <see cref="ContactInfoRequestQueue"/>.</summary>
internal sealed class QueuedCallerNameQuery(CallerNameQuery query)
{
    public CallerNameQuery Query => query;

    /// <summary>Completes when its request may be sent.</summary>
    public TaskCompletionSource Permit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
