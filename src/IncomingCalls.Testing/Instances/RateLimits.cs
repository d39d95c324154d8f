namespace IncomingCalls.Testing.Instances;

/// <summary>
/// Requests per second and method of one instance. Documented: receive and delete 100; state and settings 1; getContactInfo 1
/// (reported: 10 on MAX); counting and clearing the queue 1, and to clear it once a minute.
/// </summary>
internal sealed class RateLimits(TimeProvider time, GreenApiSimulatorOptions options)
{
    private static readonly TimeSpan ClearInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<long>> _requests = [];
    private long? _lastCleared;

    public bool TryAcquire(string method, string typeInstance)
    {
        if (!options.EnforceRateLimits)
        {
            return true;
        }

        var limit = method switch
        {
            "receiveNotification" or "deleteNotification" => 100,
            "getContactInfo" when typeInstance == "v3" => 10,
            _ => 1,
        };
        lock (_gate)
        {
            var taken = _requests.TryGetValue(method, out var known) ? known : _requests[method] = new();
            while (taken.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= TimeSpan.FromSeconds(1))
            {
                taken.Dequeue();
            }

            if (taken.Count >= limit)
            {
                return false;
            }

            taken.Enqueue(time.GetTimestamp());
            return true;
        }
    }

    /// <summary>Notes that the queue is to be cleared.</summary>
    /// <returns>How long it still may not be; zero when it may.</returns>
    public TimeSpan AcquireClear()
    {
        lock (_gate)
        {
            if (options.EnforceRateLimits && _lastCleared is { } before && time.GetElapsedTime(before) is var elapsed && elapsed < ClearInterval)
            {
                return ClearInterval - elapsed;
            }

            _lastCleared = time.GetTimestamp();
            return TimeSpan.Zero;
        }
    }
}
