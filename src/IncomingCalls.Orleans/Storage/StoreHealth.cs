using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Storage;

/// <summary>The health of the storage. A failure is logged once a minute while it lasts. Safe to use from any thread.</summary>
internal sealed class StoreHealth(TimeProvider time, ILogger<OrleansInboxLogCategory> logger)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private volatile string? _currentFailure;
    private long _loggedAt;

    /// <summary>Gets the current failure; null when the last write succeeded.</summary>
    public string? CurrentFailure => _currentFailure;

    public void ReportFailure(Exception e)
    {
        lock (_gate)
        {
            var isNew = _currentFailure is null;
            _currentFailure = $"{e.GetType().Name}: {e.Message}";
            if (!isNew && time.GetElapsedTime(_loggedAt) < LogInterval)
            {
                return;
            }

            _loggedAt = time.GetTimestamp();
        }

        logger.StorageFailed(e);
    }

    public void ReportRecovery()
    {
        if (_currentFailure is null)
        {
            return;
        }

        lock (_gate)
        {
            if (_currentFailure is null)
            {
                return;
            }

            _currentFailure = null;
        }

        logger.StorageRecovered();
    }
}
