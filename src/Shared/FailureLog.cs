namespace IncomingCalls.Shared;

/// <summary>
/// Logs a continuing failure: the first failure at once, then at most once a minute while failures are reported, and the recovery once operations have
/// succeeded for five seconds. Where they fail and succeed by turns, as on a nearly full disk, there is no recovery, so the last message is true.
/// Thread-safe.
/// </summary>
/// <param name="time">The clock of the intervals.</param>
/// <param name="logFailure">Logs a failure. Invoked without a lock.</param>
/// <param name="logRecovery">Logs the recovery. Invoked without a lock.</param>
internal sealed class FailureLog(TimeProvider time, Action<Exception> logFailure, Action logRecovery)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RecoveryTime = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private volatile string? _currentFailure;
    private volatile bool _isFailing;
    private long _failedAt;
    private long _loggedAt;

    /// <summary>The description of the last failure, for health checks; null when there has been none or a success was reported since.</summary>
    public string? CurrentFailure => _currentFailure;

    /// <summary>Reports a failure.</summary>
    /// <param name="exception">The exception to log.</param>
    /// <param name="description">The description for <see cref="CurrentFailure"/>.</param>
    public void ReportFailure(Exception exception, string description)
    {
        lock (_gate)
        {
            _currentFailure = description;
            _failedAt = time.GetTimestamp();
            if (_isFailing && time.GetElapsedTime(_loggedAt, _failedAt) < Interval)
            {
                return;
            }

            _isFailing = true;
            _loggedAt = _failedAt;
        }

        logFailure(exception);
    }

    /// <summary>Reports a success. Without a failure before it takes no lock, so that every success can be reported.</summary>
    public void ReportSuccess()
    {
        if (!_isFailing)
        {
            return;
        }

        lock (_gate)
        {
            _currentFailure = null;
            if (!_isFailing || time.GetElapsedTime(_failedAt) < RecoveryTime)
            {
                return;
            }

            _isFailing = false;
        }

        logRecovery();
    }
}
