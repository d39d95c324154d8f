using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>Tracks whether the file can be written, and logs at most once a minute while it cannot.</summary>
internal sealed class StoreHealth(string path, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    // SQLITE_BUSY, SQLITE_LOCKED and SQLITE_FULL: the connection remains usable.
    private static readonly int[] TransientErrors = [5, 6, 13];

    private long? _loggedAt;
    private bool _isLogged;
    private volatile string? _current;

    /// <summary>The message of the last failure; null when the last commit succeeded.</summary>
    public string? CurrentFailure => _current;

    /// <summary>Returns whether the connection remains usable after an error.</summary>
    public static bool IsTransient(SqliteException e) => TransientErrors.Contains(e.SqliteErrorCode);

    public void ReportFailure(Exception e)
    {
        _current = e.Message;
        // A recovery does not reset the interval: on a nearly full disk small transactions succeed between failures.
        if (_loggedAt is not { } lastLoggedAt || time.GetElapsedTime(lastLoggedAt) >= LogInterval)
        {
            _loggedAt = time.GetTimestamp();
            _isLogged = true;
            logger.NotWritable(path, e.Message);
        }
    }

    public void ReportRecovery()
    {
        _current = null;
        if (_isLogged)
        {
            _isLogged = false;
            logger.WritableAgain(path);
        }
    }

    public void ReportCallbackFailure(Exception e) => logger.BackgroundTaskFailed(e);

    public void ReportWriterEnded(Exception e)
    {
        _current = e.Message;
        logger.WriterEnded(path, e);
    }
}
