using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>Whether the file can be written, told once a minute while it cannot.</summary>
internal sealed class StoreTrouble(string path, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Busy, locked, full: the connection is as good as before.
    private static readonly int[] Passing = [5, 6, 13];

    private long _toldAt;
    private volatile string? _current;

    /// <summary>What is wrong at this moment; null when the last commit succeeded.</summary>
    public string? Current => _current;

    public static bool MayPassByItself(SqliteException e) => Passing.Contains(e.SqliteErrorCode);

    public void Met(Exception e)
    {
        var isNew = _current is null;
        _current = e.Message;
        if (isNew || time.GetElapsedTime(_toldAt) >= Interval)
        {
            _toldAt = time.GetTimestamp();
            logger.NotWritable(path, e.Message);
        }
    }

    public void Over()
    {
        if (_current is not null)
        {
            _current = null;
            logger.WritableAgain(path);
        }
    }

    public void WriterEnded(Exception e)
    {
        _current = e.Message;
        logger.WriterEnded(path, e);
    }
}
