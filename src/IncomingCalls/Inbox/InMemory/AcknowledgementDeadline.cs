using IncomingCalls.Infrastructure;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>
/// The deadline of the handlers that run before the acknowledgement of a notification. Most handlers complete before anything waits, so the
/// token and its timer are created at the first use.
/// </summary>
internal sealed class AcknowledgementDeadline(TimeSpan timeout, TimeProvider time, CancellationToken stopping) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private LinkedTimeout? _timer;

    /// <summary>The remaining time; zero after the deadline.</summary>
    public TimeSpan Remaining => time.GetElapsedTime(_started) is var elapsed && elapsed < timeout ? timeout - elapsed : TimeSpan.Zero;

    /// <summary>Signalled at the deadline, or when the host stops.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (_gate)
            {
                return (_timer ??= new(Remaining, time, stopping)).Token;
            }
        }
    }

    public void Dispose() => _timer?.Dispose();
}
