using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.WakeUps;

/// <summary>
/// Buffers the updates of calls for their buckets for a short time: of a call that is accepted and handled at once only the last update is sent,
/// in one message with the updates of other calls. Safe to use from any thread.
/// </summary>
/// <remarks>
/// One message per transition was a fifth of the cost of a notification (orleans.vs_grain, docs/performance.md). An update may be late or
/// lost; then the bucket wakes a call unnecessarily.
/// </remarks>
internal sealed class WakeUpEntryUpdateBuffer(WakeUpBuckets buckets, TimeProvider time, ILogger<OrleansInboxLogCategory> logger) : IDisposable
{
    /// <summary>Far below the delay after which a bucket wakes an overdue call.</summary>
    private static readonly TimeSpan FlushDelay = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private Dictionary<int, Dictionary<string, WakeUpEntryUpdate>> _buffered = [];
    private ITimer? _timer;

    /// <summary>Buffers an update, which replaces an earlier one of the same call.</summary>
    public void Enqueue(int bucket, WakeUpEntryUpdate update)
    {
        lock (_gate)
        {
            if (_buffered.Count == 0)
            {
                _timer ??= time.CreateTimer(static buffer => ((WakeUpEntryUpdateBuffer)buffer!).FlushAll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(FlushDelay, Timeout.InfiniteTimeSpan);
            }

            if (!_buffered.TryGetValue(bucket, out var updates))
            {
                _buffered[bucket] = updates = [];
            }

            updates[update.Call] = update;
        }
    }

    /// <summary>Sends the buffered updates of a bucket and waits until the bucket has them, or cannot be reached.</summary>
    public Task FlushAsync(int bucket)
    {
        Dictionary<string, WakeUpEntryUpdate>? updates;
        lock (_gate)
        {
            _buffered.Remove(bucket, out updates);
        }

        return updates is null ? Task.CompletedTask : FlushAsync(bucket, updates);
    }

    public void Dispose() => _timer?.Dispose();

    private void FlushAll()
    {
        Dictionary<int, Dictionary<string, WakeUpEntryUpdate>> buffered;
        lock (_gate)
        {
            (buffered, _buffered) = (_buffered, []);
        }

        foreach (var (bucket, updates) in buffered)
        {
            _ = FlushAsync(bucket, updates);
        }
    }

    private async Task FlushAsync(int bucket, Dictionary<string, WakeUpEntryUpdate> updates)
    {
        try
        {
            await buckets[bucket].UpdateAsync([.. updates.Values]);
        }
        catch (Exception e)
        {
            logger.GrainUnreachable(nameof(WakeUpBucketGrain), e);
        }
    }
}
