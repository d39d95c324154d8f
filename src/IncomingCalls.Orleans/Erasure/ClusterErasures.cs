using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.GrainInterfaces;

namespace IncomingCalls.Orleans.Erasure;

/// <summary>The erasures of the cluster as this node knows them: at most a second old while their grain can be reached. Thread-safe.</summary>
internal sealed class ClusterErasures(ClusterRole cluster, TimeProvider time)
{
    /// <summary>When every node knows an erasure that was stored, or cannot reach the cluster.</summary>
    public static readonly TimeSpan KnownAfter = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    /// <summary>How long a notification waits for the grain, whose silo may have failed.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private ErasureList? _known;
    private DateTimeOffset _readAt;
    private Task<ErasureList>? _reading;

    /// <summary>Gets the erasures.</summary>
    /// <exception cref="CallInboxUnavailableException">They were never read, and cannot be read.</exception>
    public ValueTask<ErasureList> GetAsync()
    {
        lock (_gate)
        {
            if (_known is { } known && time.GetUtcNow() - _readAt < MaxAge)
            {
                return new(known);
            }

            return new(_reading ??= Task.Run(ReadAsync));
        }
    }

    private async Task<ErasureList> ReadAsync()
    {
        // The age of what is read begins before the read.
        var now = time.GetUtcNow();
        ErasureList? read = null;
        Exception? failure = null;
        try
        {
            var reports = await cluster.Grains.GetGrain<IErasuresGrain>(0).ListAsync(int.MaxValue).WaitAsync(MaxWait, time);
            read = reports.Length == 0 ? ErasureList.Empty : new(reports.Select(static report => report.ToModel<ErasureReport>()));
        }
        catch (Exception e)
        {
            // Calls are more than an erasure of the last seconds, whose report is repeated if in doubt: what was known is used.
            failure = e;
        }

        lock (_gate)
        {
            _reading = null;
            (_known, _readAt) = (read ?? _known, now);
            return _known ?? throw new CallInboxUnavailableException($"The erasures of the cluster cannot be read: {failure!.GetType().Name}.", failure);
        }
    }
}
