using IncomingCalls.Infrastructure;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>
/// The time that one delivery may take in all. Most are over before anything of it waits, so the token, and with it a timer, is
/// made for the first that does.
/// </summary>
internal sealed class AcknowledgementDeadline(TimeSpan limit, TimeProvider time, CancellationToken stopping) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private LinkedTimeout? _timer;

    /// <summary>What is left of it, at least nothing.</summary>
    public TimeSpan Remaining => time.GetElapsedTime(_started) is var spent && spent < limit ? limit - spent : TimeSpan.Zero;

    /// <summary>Signalled when nothing is left, or the host stops.</summary>
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
