using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>Whether the storage can be written, told once a minute while it cannot. Safe to use from any thread.</summary>
internal sealed class StorageTrouble(TimeProvider time, ILogger<OrleansInbox> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private volatile string? _current;
    private long _toldAt;

    /// <summary>What is wrong at this moment; null when the last write succeeded.</summary>
    public string? Current => _current;

    public void Met(Exception e)
    {
        lock (_gate)
        {
            var isNew = _current is null;
            _current = $"{e.GetType().Name}: {e.Message}";
            if (!isNew && time.GetElapsedTime(_toldAt) < Interval)
            {
                return;
            }

            _toldAt = time.GetTimestamp();
        }

        logger.StorageFailed(e);
    }

    public void Over()
    {
        if (_current is null)
        {
            return;
        }

        lock (_gate)
        {
            if (_current is null)
            {
                return;
            }

            _current = null;
        }

        logger.StorageWorksAgain();
    }
}
