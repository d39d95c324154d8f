using IncomingCalls.Orleans.Telemetry;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Storage;

/// <summary>Tracks whether the storage can be written, and logs at most once a minute while it cannot. Thread-safe.</summary>
internal sealed class StoreHealth(TimeProvider time, ILogger<OrleansInboxLogCategory> logger)
{
    private readonly FailureLog _log = new(time, logger.StorageFailed, logger.StorageRecovered);

    /// <summary>The type and message of the last failure; null when the last write succeeded.</summary>
    public string? CurrentFailure => _log.CurrentFailure;

    public void ReportFailure(Exception e) => _log.ReportFailure(e, $"{e.GetType().Name}: {e.Message}");

    public void ReportSuccess() => _log.ReportSuccess();
}
