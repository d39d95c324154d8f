using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using IncomingCalls.Shared;

namespace IncomingCalls.GreenApi.Callers;

/// <summary>
/// The caller name queries of one instance that wait for their GetContactInfo request. The rate limiter determines when the next request is
/// sent, and the queue determines which: queries of ringing calls go first.
/// </summary>
internal sealed class ContactInfoRequestQueue(long idInstance, PartitionedRateLimiter<long> limiter)
{
    /// <summary>
    /// The maximum number of waiting queries, each for ringing and for other calls. At one request per second the last of them waits eight
    /// minutes; later queries are rejected and can be retried.
    /// </summary>
    public const int Capacity = 500;

    private readonly Lock _lock = new();
    private readonly LinkedList<QueuedCallerNameQuery> _waiting = new();
    private bool _isDispatching;

    /// <summary>The pause of requests; null when there was none.</summary>
    public ContactInfoPause? Pause { get; set; }

    /// <summary>Enqueues a query.</summary>
    /// <returns>A task that completes when the request of the query may be sent; null when the queue is full.</returns>
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
                // The host is being disposed of, so the name is no longer needed.
                DequeueNext().TrySetCanceled();
            }
            catch (Exception e)
            {
                // The failure affects one query; the next is dispatched.
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

    /// <summary>
    /// Removes the next query from the queue. It is chosen only after the permit was acquired, so that a call that begins to ring meanwhile
    /// goes first.
    /// </summary>
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

/// <summary>The queues of all instances and their shared rate limiter.</summary>
internal sealed class ContactInfoRequestQueues(PartitionedRateLimiter<long> limiter) : IDisposable
{
    // The gateway allows n requests per second. A sliding window of five segments returns a permit when the segment in which it was
    // acquired leaves the window, which may be almost one segment early; with a window of 1.25 s that is at least 1 s.
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

    /// <summary>Completes when the request of the query may be sent.</summary>
    public TaskCompletionSource Permit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
