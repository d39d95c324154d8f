using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.CrashTests;

/// <summary>Kills the process it lives in with SIGKILL, at the point it was told.</summary>
internal sealed class CrashInjector
{
    private readonly CrashPoint? _crashPoint;
    private readonly ManualResetEventSlim _reached = new();
    private int _count;

    /// <param name="wish">When; null for never.</param>
    public CrashInjector(CrashPoint? wish)
    {
        _crashPoint = wish;
        if (wish?.Delay > TimeSpan.Zero)
        {
            new Thread(KillLater) { Name = "death", IsBackground = true }.Start();
        }
    }

    /// <summary>Tells that the calling thread is there now.</summary>
    public void Reach(CrashLocation point)
    {
        if (_crashPoint?.Location != point || Interlocked.Increment(ref _count) != _crashPoint.Occurrence)
        {
            return;
        }

        if (_crashPoint.Delay > TimeSpan.Zero)
        {
            _reached.Set();
        }
        else
        {
            Signals.Kill(Environment.ProcessId);
        }
    }

    private void KillLater()
    {
        _reached.Wait();
        // Microseconds: no timer is as fine, so this thread is busy until then.
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < _crashPoint!.Delay)
        {
            Thread.SpinWait(10);
        }

        Signals.Kill(Environment.ProcessId);
    }
}

/// <summary>When a host is to kill itself. Its text, <c>Committing:3:250</c>, is an argument of the host.</summary>
internal sealed record CrashPoint
{
    public required CrashLocation Location { get; init; }

    /// <summary>The how manieth time that the point is passed, from 1.</summary>
    public required int Occurrence { get; init; }

    /// <summary>How long afterwards. Zero: the thread goes no further; else it goes on, and dies wherever it is then.</summary>
    public TimeSpan Delay { get; init; }

    public static CrashPoint Parse(string text) => text.Split(':') is [var point, var nth, var delay]
        ? new()
        {
            Location = Enum.Parse<CrashLocation>(point),
            Occurrence = int.Parse(nth, CultureInfo.InvariantCulture),
            Delay = TimeSpan.FromMicroseconds(int.Parse(delay, CultureInfo.InvariantCulture)),
        }
        : throw new ArgumentException($"'{text}' is not point:nth:microseconds.", nameof(text));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Location}:{Occurrence}:{(int)Delay.TotalMicroseconds}");
}

/// <summary>Where a host kills itself: every place between two steps that an outsider can tell apart.</summary>
internal enum CrashLocation
{
    /// <summary>The inbox is about to open its file.</summary>
    Opening = 0,

    /// <summary>The file is open, and no transport has started.</summary>
    Opened,

    /// <summary>A poll has brought a notification, which nobody has looked at.</summary>
    Received,

    /// <summary>The intake has a notification, and has not read it.</summary>
    Reading,

    /// <summary>It is read and decided upon, and about to be handed to the inbox.</summary>
    Storing,

    /// <summary>A row is written, in a transaction that is not committed.</summary>
    Writing,

    /// <summary>A commit has been asked for, and nothing of it is in the log yet.</summary>
    Committing,

    /// <summary>A commit has returned, and nobody knows.</summary>
    Committed,

    /// <summary>The inbox has said that it has the notification.</summary>
    Stored,

    /// <summary>The intake has told the transport, which has not answered.</summary>
    Acknowledging,

    /// <summary>The webhook's answer is written.</summary>
    Acknowledged,

    /// <summary>A deletion is about to be sent.</summary>
    Deleting,

    /// <summary>A deletion is answered.</summary>
    Deleted,

    /// <summary>A handler is about to run.</summary>
    Handling,

    /// <summary>A handler has written its effect, and has not returned.</summary>
    Handled,

    /// <summary>An attempt has ended, and is not marked.</summary>
    Settling,
}
