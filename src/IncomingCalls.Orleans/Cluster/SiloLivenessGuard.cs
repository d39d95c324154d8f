using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Cluster;

/// <summary>
/// Notices that the process stood still: a machine that was paused, a disk that hung. Meanwhile the others may have declared this silo dead and
/// given its calls away, and it would go on with what it remembers until Orleans looks at the membership again, which may take a minute.
/// So nothing is begun before the membership was read; a silo that finds itself dead there ends at once. Safe to use from any thread.
/// </summary>
internal sealed class SiloLivenessGuard : IDisposable
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Shorter than any silo is given before it is declared dead, longer than a thread pool is busy.</summary>
    private static readonly TimeSpan SuspensionThreshold = TimeSpan.FromSeconds(1);

    private readonly IClusterMembershipService _membership;
    private readonly ILocalSiloDetails _silo;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private long _lastHeartbeat;
    private Task? _refreshing;

    public SiloLivenessGuard(IClusterMembershipService membership, ILocalSiloDetails silo, TimeProvider time, ILogger<OrleansInboxLogCategory> logger)
    {
        (_membership, _silo, _time, _logger) = (membership, silo, time, logger);
        _lastHeartbeat = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Heartbeat(), null, HeartbeatInterval, HeartbeatInterval);
    }

    /// <summary>Completed as long as the process runs; after a standstill, once the membership was read.</summary>
    public Task EnsureAliveAsync()
    {
        lock (_gate)
        {
            return _refreshing ?? (WasSuspended ? _refreshing = RefreshMembershipAsync() : Task.CompletedTask);
        }
    }

    /// <summary>
    /// Somebody else wrote what only this silo writes: it may have been declared dead without having stood still, on a machine that is too busy
    /// to answer. Nothing is begun before the membership was read.
    /// </summary>
    public void Suspect()
    {
        lock (_gate)
        {
            _refreshing ??= RefreshMembershipAsync();
        }
    }

    public void Dispose() => _timer.Dispose();

    private bool WasSuspended => _time.GetElapsedTime(_lastHeartbeat) >= SuspensionThreshold;

    private bool IsDead => _membership.CurrentSnapshot.GetSiloStatus(_silo.SiloAddress) == SiloStatus.Dead;

    private void Heartbeat()
    {
        lock (_gate)
        {
            if (WasSuspended)
            {
                _refreshing ??= RefreshMembershipAsync();
            }
            else
            {
                _lastHeartbeat = _time.GetTimestamp();
            }
        }
    }

    private async Task RefreshMembershipAsync()
    {
        // Not under the lock of whoever noticed.
        await Task.Yield();
        while (true)
        {
            try
            {
                // Whoever reads joins a read that is under way, and that may have been answered before the standstill. The second begins after it.
                await _membership.Refresh();
                await _membership.Refresh();
                break;
            }
            catch (Exception e)
            {
                _logger.GrainUnreachable("membership", e);
                await Task.Delay(SuspensionThreshold, _time);
            }
        }

        if (IsDead)
        {
            // Orleans is about to end the process, which takes it a moment: nobody is told to go on in that.
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, CancellationToken.None);
        }

        lock (_gate)
        {
            _lastHeartbeat = _time.GetTimestamp();
            _refreshing = null;
        }
    }
}
