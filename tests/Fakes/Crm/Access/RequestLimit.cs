namespace IncomingCalls.Fakes.Crm.Access;

/// <summary>The rate limit of one portal: a leaky bucket (documented, Bitrix24), a pause after each 429, and a block after many violations (documented, amoCRM).</summary>
internal sealed class RequestLimit(CrmPortalOptions options, TimeProvider time)
{
    // The level is a sum of doubles: a request at the exact moment when there is room again is admitted.
    private const double Tolerance = 1e-9;

    private readonly Lock _gate = new();
    private long _drainedAt = time.GetTimestamp();
    private double _level;
    private int _violationCount;
    private DateTimeOffset _pausedUntil;
    private DateTimeOffset _blockedUntil;

    /// <summary>When requests are accepted again after a 429; a time in the past for no pause.</summary>
    public DateTimeOffset PausedUntil
    {
        get
        {
            lock (_gate)
            {
                return _pausedUntil;
            }
        }
    }

    /// <summary>Decides about a request that counts.</summary>
    public Admission Admit()
    {
        lock (_gate)
        {
            if (time.GetUtcNow() < _blockedUntil)
            {
                return Admission.Blocked;
            }

            // Assumed: a request during the pause does not extend it.
            var isPaused = time.GetUtcNow() < _pausedUntil;
            if (!isPaused && TryFill())
            {
                return Admission.Admitted;
            }

            CountViolation();
            if (isPaused)
            {
                return Admission.Paused;
            }

            StartPauseInLock();
            return Admission.Exceeded;
        }
    }

    /// <summary>Whether the portal is blocked, for requests that do not count.</summary>
    public bool IsBlocked()
    {
        lock (_gate)
        {
            return time.GetUtcNow() < _blockedUntil;
        }
    }

    /// <summary>Starts the pause that an answer 429 states.</summary>
    public void StartPause()
    {
        lock (_gate)
        {
            StartPauseInLock();
        }
    }

    private bool TryFill()
    {
        var now = time.GetTimestamp();
        _level = Math.Max(0, _level - (time.GetElapsedTime(_drainedAt, now).TotalSeconds * options.RequestsPerSecond));
        _drainedAt = now;
        if (_level + 1 > options.Burst + Tolerance)
        {
            return false;
        }

        _level++;
        return true;
    }

    private void CountViolation()
    {
        _violationCount++;
        if (options.BlockAfterViolations is { } limit && _violationCount >= limit)
        {
            _violationCount = 0;
            _blockedUntil = time.GetUtcNow() + options.BlockDuration;
        }
    }

    private void StartPauseInLock()
    {
        // Without a time in the answer, the client does not know how long to wait: there is no pause then.
        if (options.RetryAfterFormat != RetryAfterFormat.None)
        {
            _pausedUntil = time.GetUtcNow() + options.RetryAfter;
        }
    }
}

/// <summary>Whether a request is within the limit.</summary>
internal enum Admission
{
    Admitted,

    /// <summary>Above the rate.</summary>
    Exceeded,

    /// <summary>Before the time that the last 429 stated.</summary>
    Paused,
    Blocked,
}
