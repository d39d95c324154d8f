using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>
/// Gathers for a moment what the calls of this silo have to tell their buckets: of a call that is taken up and handled at once only the last
/// word is sent, and in one message with everybody else's. Safe to use from any thread.
/// </summary>
/// <remarks>
/// A word to the bucket per step was a fifth of what a notification cost (orleans.vs_grain, docs/performance.md). It may be late, or lost:
/// then the bucket wakes a call for nothing.
/// </remarks>
internal sealed class DueReports(DueBuckets buckets, TimeProvider time, ILogger<OrleansInbox> logger) : IDisposable
{
    /// <summary>Far below the grace after which a bucket wakes a call that was due.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private Dictionary<int, Dictionary<string, DueReport>> _gathered = [];
    private ITimer? _timer;

    /// <summary>Sends a report in a moment, in place of an earlier one of the same call.</summary>
    public void Tell(int bucket, DueReport report)
    {
        lock (_gate)
        {
            if (_gathered.Count == 0)
            {
                _timer ??= time.CreateTimer(static reports => ((DueReports)reports!).SendAll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(Moment, Timeout.InfiniteTimeSpan);
            }

            if (!_gathered.TryGetValue(bucket, out var reports))
            {
                _gathered[bucket] = reports = [];
            }

            reports[report.Call] = report;
        }
    }

    /// <summary>Sends what is gathered for a bucket, and waits until it has it, or cannot be reached.</summary>
    public Task SendAsync(int bucket)
    {
        Dictionary<string, DueReport>? reports;
        lock (_gate)
        {
            _gathered.Remove(bucket, out reports);
        }

        return reports is null ? Task.CompletedTask : SendAsync(bucket, reports);
    }

    public void Dispose() => _timer?.Dispose();

    private void SendAll()
    {
        Dictionary<int, Dictionary<string, DueReport>> gathered;
        lock (_gate)
        {
            (gathered, _gathered) = (_gathered, []);
        }

        foreach (var (bucket, reports) in gathered)
        {
            _ = SendAsync(bucket, reports);
        }
    }

    private async Task SendAsync(int bucket, Dictionary<string, DueReport> reports)
    {
        try
        {
            await buckets[bucket].NoteAsync([.. reports.Values]);
        }
        catch (Exception e)
        {
            logger.GrainUnreachable("bucket", e);
        }
    }
}
