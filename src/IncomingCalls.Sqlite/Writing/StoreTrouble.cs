using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>Whether the file can be written, told once a minute while it cannot.</summary>
internal sealed class StoreTrouble(string path, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Busy, locked, full: the connection is as good as before.
    private static readonly int[] Passing = [5, 6, 13];

    private long? _toldAt;
    private bool _isTold;
    private volatile string? _current;

    /// <summary>What is wrong at this moment; null when the last commit succeeded.</summary>
    public string? Current => _current;

    public static bool MayPassByItself(SqliteException e) => Passing.Contains(e.SqliteErrorCode);

    public void Met(Exception e)
    {
        _current = e.Message;
        // Trouble that comes and goes is not new each time: where the disk is nearly full, what is small still fits.
        if (_toldAt is not { } toldAt || time.GetElapsedTime(toldAt) >= Interval)
        {
            _toldAt = time.GetTimestamp();
            _isTold = true;
            logger.NotWritable(path, e.Message);
        }
    }

    public void Over()
    {
        _current = null;
        if (_isTold)
        {
            _isTold = false;
            logger.WritableAgain(path);
        }
    }

    public void FailedAfterwards(Exception e) => logger.WorkFailed(e);

    public void WriterEnded(Exception e)
    {
        _current = e.Message;
        logger.WriterEnded(path, e);
    }
}
