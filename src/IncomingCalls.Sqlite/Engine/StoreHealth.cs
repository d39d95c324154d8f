using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>Whether the file can be written, told once a minute while it cannot.</summary>
internal sealed class StoreHealth(string path, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Busy, locked, full: the connection is as good as before.
    private static readonly int[] TransientErrors = [5, 6, 13];

    private long? _loggedAt;
    private bool _isLogged;
    private volatile string? _current;

    /// <summary>What is wrong at this moment; null when the last commit succeeded.</summary>
    public string? CurrentFailure => _current;

    public static bool IsTransient(SqliteException e) => TransientErrors.Contains(e.SqliteErrorCode);

    public void ReportFailure(Exception e)
    {
        _current = e.Message;
        // Trouble that comes and goes is not new each time: where the disk is nearly full, what is small still fits.
        if (_loggedAt is not { } toldAt || time.GetElapsedTime(toldAt) >= Interval)
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

    public void ReportCallbackFailure(Exception e) => logger.WorkFailed(e);

    public void ReportWriterEnded(Exception e)
    {
        _current = e.Message;
        logger.WriterEnded(path, e);
    }
}
