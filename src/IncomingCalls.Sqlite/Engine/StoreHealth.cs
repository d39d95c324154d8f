using IncomingCalls.Shared;
using IncomingCalls.Sqlite.Files;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>Tracks whether the file can be written, and logs at most once a minute while it cannot.</summary>
internal sealed class StoreHealth(string path, TimeProvider time, ILogger logger)
{
    // SQLITE_BUSY, SQLITE_LOCKED and SQLITE_FULL: the connection remains usable.
    private static readonly int[] TransientErrors = [5, 6, 13];

    private readonly FailureLog _log = new(time, e => logger.NotWritable(path, e.Message), () => logger.WritableAgain(path));
    private readonly TaskCompletionSource _takenOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _writerFailure;

    /// <summary>The message of the last failure; null when the last commit succeeded.</summary>
    public string? CurrentFailure => _writerFailure ?? _log.CurrentFailure;

    /// <summary>A task that fails when another process has taken over the file, and otherwise does not end.</summary>
    public Task TakenOver => _takenOver.Task;

    /// <summary>Returns whether the connection remains usable after an error.</summary>
    public static bool IsTransient(SqliteException e) => TransientErrors.Contains(e.SqliteErrorCode);

    public void ReportFailure(Exception e) => _log.ReportFailure(e, e.Message);

    public void ReportSuccess() => _log.ReportSuccess();

    /// <summary>Reports that another process owns the file. Nothing is written after that, so there is no recovery.</summary>
    public void ReportTakenOver(InboxTakenOverException e)
    {
        if (_takenOver.TrySetException(e))
        {
            _writerFailure = e.Message;
            logger.InboxTakenOver(path, e.Message);
        }
    }

    public void ReportCallbackFailure(Exception e) => logger.BackgroundTaskFailed(e);

    /// <summary>Reports that the writer ended. Nothing is written after that, so there is no recovery.</summary>
    public void ReportWriterEnded(Exception e)
    {
        _writerFailure = e.Message;
        logger.WriterEnded(path, e);
    }
}
