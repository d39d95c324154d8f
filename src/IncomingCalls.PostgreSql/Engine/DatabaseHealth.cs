using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>Tracks whether the database can be used, and logs at most once a minute while it cannot. Thread-safe.</summary>
internal sealed class DatabaseHealth(TimeProvider time, ILogger logger)
{
    private readonly FailureLog _log = new(time, e => logger.DatabaseFailed(DatabaseFailure.Describe(e), e), logger.DatabaseRecovered);

    /// <summary>The type and message of the last failure; null when the last use succeeded.</summary>
    public string? CurrentFailure => _log.CurrentFailure;

    public void ReportFailure(Exception e) => _log.ReportFailure(e, $"{e.GetType().Name}: {e.Message}");

    public void ReportSuccess() => _log.ReportSuccess();
}
