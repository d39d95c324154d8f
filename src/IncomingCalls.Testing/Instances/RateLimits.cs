namespace IncomingCalls.Testing.Instances;

/// <summary>
/// Limits the requests per second and method of one instance. Documented: receive and delete 100; state and settings, also getWaSettings, 1;
/// getContactInfo 1 (reported: 10 on MAX); checkWhatsapp 10; counting and clearing the queue 1, and clearing it once a minute. Reported: journals 1.
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
            "checkWhatsapp" => 10,
            _ => 1,
        };
        lock (_gate)
        {
            var recent = _requests.TryGetValue(method, out var known) ? known : _requests[method] = new();
            while (recent.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= TimeSpan.FromSeconds(1))
            {
                recent.Dequeue();
            }

            if (recent.Count >= limit)
            {
                return false;
            }

            recent.Enqueue(time.GetTimestamp());
            return true;
        }
    }

    /// <summary>Acquires the permit to clear the queue.</summary>
    /// <returns>The remaining wait until the queue can be cleared; zero when the permit was acquired.</returns>
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
