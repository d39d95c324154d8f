using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.WakeUps;

/// <summary>
/// Gathers for a moment what the calls of this silo have to tell their buckets: of a call that is taken up and handled at once only the last
/// word is sent, and in one message with everybody else's. Safe to use from any thread.
/// </summary>
/// <remarks>
/// A word to the bucket per step was a fifth of what a notification cost (orleans.vs_grain, docs/performance.md). It may be late, or lost:
/// then the bucket wakes a call for nothing.
/// </remarks>
internal sealed class WakeUpEntryUpdateBuffer(WakeUpBuckets buckets, TimeProvider time, ILogger<OrleansInboxLogCategory> logger) : IDisposable
{
    /// <summary>Far below the grace after which a bucket wakes a call that was due.</summary>
    private static readonly TimeSpan FlushDelay = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private Dictionary<int, Dictionary<string, WakeUpEntryUpdate>> _buffered = [];
    private ITimer? _timer;

    /// <summary>Sends a report in a moment, in place of an earlier one of the same call.</summary>
    public void Enqueue(int bucket, WakeUpEntryUpdate report)
    {
        lock (_gate)
        {
            if (_buffered.Count == 0)
            {
                _timer ??= time.CreateTimer(static reports => ((WakeUpEntryUpdateBuffer)reports!).FlushAll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(FlushDelay, Timeout.InfiniteTimeSpan);
            }

            if (!_buffered.TryGetValue(bucket, out var reports))
            {
                _buffered[bucket] = reports = [];
            }

            reports[report.Call] = report;
        }
    }

    /// <summary>Sends what is gathered for a bucket, and waits until it has it, or cannot be reached.</summary>
    public Task FlushAsync(int bucket)
    {
        Dictionary<string, WakeUpEntryUpdate>? reports;
        lock (_gate)
        {
            _buffered.Remove(bucket, out reports);
        }

        return reports is null ? Task.CompletedTask : FlushAsync(bucket, reports);
    }

    public void Dispose() => _timer?.Dispose();

    private void FlushAll()
    {
        Dictionary<int, Dictionary<string, WakeUpEntryUpdate>> gathered;
        lock (_gate)
        {
            (gathered, _buffered) = (_buffered, []);
        }

        foreach (var (bucket, reports) in gathered)
        {
            _ = FlushAsync(bucket, reports);
        }
    }

    private async Task FlushAsync(int bucket, Dictionary<string, WakeUpEntryUpdate> reports)
    {
        try
        {
            await buckets[bucket].UpdateAsync([.. reports.Values]);
        }
        catch (Exception e)
        {
            logger.GrainUnreachable("bucket", e);
        }
    }
}
