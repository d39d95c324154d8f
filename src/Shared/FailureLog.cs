namespace IncomingCalls.Shared;

/// <summary>
/// Logs a continuing failure: the first failure at once, then at most once a minute while failures are reported, and the recovery once
/// if a failure has been logged since the previous one. A recovery does not reset the interval: where operations fail and succeed by turns,
/// as on a nearly full disk, each turn would be logged. Thread-safe.
/// </summary>
/// <param name="time">The clock of the interval.</param>
/// <param name="logFailure">Logs a failure. Invoked without a lock.</param>
/// <param name="logRecovery">Logs the recovery. Invoked without a lock.</param>
internal sealed class FailureLog(TimeProvider time, Action<Exception> logFailure, Action logRecovery)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private volatile string? _currentFailure;
    private long? _loggedAt;
    private bool _isRecoveryDue;

    /// <summary>The description of the last failure, for health checks; null when there has been none or a recovery was reported since.</summary>
    public string? CurrentFailure => _currentFailure;

    /// <summary>Reports a failure.</summary>
    /// <param name="exception">The exception to log.</param>
    /// <param name="description">The description for <see cref="CurrentFailure"/>.</param>
    public void ReportFailure(Exception exception, string description)
    {
        lock (_gate)
        {
            _currentFailure = description;
            if (_loggedAt is { } loggedAt && time.GetElapsedTime(loggedAt) < Interval)
            {
                return;
            }

            _loggedAt = time.GetTimestamp();
            _isRecoveryDue = true;
        }

        logFailure(exception);
    }

    /// <summary>Reports a success. Without a current failure it takes no lock, so that every success can be reported.</summary>
    public void ReportRecovery()
    {
        if (_currentFailure is null)
        {
            return;
        }

        lock (_gate)
        {
            _currentFailure = null;
            if (!_isRecoveryDue)
            {
                return;
            }

            _isRecoveryDue = false;
        }

        logRecovery();
    }
}
