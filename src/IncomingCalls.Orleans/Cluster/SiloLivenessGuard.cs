using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Cluster;

/// <summary>
/// Detects that the process was suspended, for example a paused machine or a blocked disk. In the meantime the other silos may have declared
/// this silo dead and taken over its calls, and it would continue with outdated state until Orleans reads the membership again, which may take
/// a minute. Therefore no task is started before the membership was read; a silo that is dead there stops at once. Safe to use from any thread.
/// </summary>
internal sealed class SiloLivenessGuard : IDisposable
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Shorter than the time after which a silo is declared dead, and longer than the usual delays of a busy thread pool.</summary>
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

    /// <summary>Ensures that this silo is alive.</summary>
    /// <returns>A completed task while the process runs; after a suspension, a task that completes when the membership was read.</returns>
    public Task EnsureAliveAsync()
    {
        lock (_gate)
        {
            return _refreshing ?? (WasSuspended ? _refreshing = RefreshMembershipAsync() : Task.CompletedTask);
        }
    }

    /// <summary>
    /// Reports that another silo wrote a state that only this silo writes: this silo may have been declared dead without a suspension, on a
    /// machine that is too busy to respond. No task is started before the membership was read.
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
        // Leaves the lock of the caller.
        await Task.Yield();
        while (true)
        {
            try
            {
                // A refresh joins a running one, whose data may be older than the suspension. The second refresh starts after it.
                await _membership.Refresh();
                await _membership.Refresh();
                break;
            }
            catch (Exception e)
            {
                _logger.GrainUnreachable("the cluster membership", e);
                await Task.Delay(SuspensionThreshold, _time);
            }
        }

        if (IsDead)
        {
            // Orleans is about to stop the process, which takes a moment. No task is started in that time.
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, CancellationToken.None);
        }

        lock (_gate)
        {
            _lastHeartbeat = _time.GetTimestamp();
            _refreshing = null;
        }
    }
}
