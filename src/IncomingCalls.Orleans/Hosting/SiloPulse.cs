using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>
/// Notices that the process stood still: a machine that was paused, a disk that hung. Meanwhile the others may have declared this silo dead and
/// given its calls away, and it would go on with what it remembers until Orleans looks at the membership again, which may take a minute.
/// So nothing is begun before the membership was read; a silo that finds itself dead there ends at once. Safe to use from any thread.
/// </summary>
internal sealed class SiloPulse : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Shorter than any silo is given before it is declared dead, longer than a thread pool is busy.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(1);

    private readonly IClusterMembershipService _membership;
    private readonly ILocalSiloDetails _silo;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private long _beatAt;
    private Task? _reading;

    public SiloPulse(IClusterMembershipService membership, ILocalSiloDetails silo, TimeProvider time, ILogger<OrleansInbox> logger)
    {
        (_membership, _silo, _time, _logger) = (membership, silo, time, logger);
        _beatAt = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Beat(), null, Interval, Interval);
    }

    /// <summary>Completed as long as the process runs; after a standstill, once the membership was read.</summary>
    public Task ConfirmAsync()
    {
        lock (_gate)
        {
            return _reading ?? (StoodStill ? _reading = ReadAsync() : Task.CompletedTask);
        }
    }

    /// <summary>
    /// Somebody else wrote what only this silo writes: it may have been declared dead without having stood still, on a machine that is too busy
    /// to answer. Nothing is begun before the membership was read.
    /// </summary>
    public void Doubt()
    {
        lock (_gate)
        {
            _reading ??= ReadAsync();
        }
    }

    public void Dispose() => _timer.Dispose();

    private bool StoodStill => _time.GetElapsedTime(_beatAt) >= Standstill;

    private bool IsDead => _membership.CurrentSnapshot.GetSiloStatus(_silo.SiloAddress) == SiloStatus.Dead;

    private void Beat()
    {
        lock (_gate)
        {
            if (StoodStill)
            {
                _reading ??= ReadAsync();
            }
            else
            {
                _beatAt = _time.GetTimestamp();
            }
        }
    }

    private async Task ReadAsync()
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
                await Task.Delay(Standstill, _time);
            }
        }

        if (IsDead)
        {
            // Orleans is about to end the process, which takes it a moment: nobody is told to go on in that.
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, CancellationToken.None);
        }

        lock (_gate)
        {
            _beatAt = _time.GetTimestamp();
            _reading = null;
        }
    }
}
