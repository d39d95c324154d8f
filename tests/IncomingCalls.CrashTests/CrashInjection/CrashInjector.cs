using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.CrashTests;

/// <summary>Kills its own process with SIGKILL at a crash point, or asks it to stop with SIGTERM.</summary>
internal sealed class CrashInjector
{
    /// <summary>Up to this time before the end of a delay, the thread sleeps.</summary>
    private static readonly TimeSpan SpinTime = TimeSpan.FromMilliseconds(4);

    private readonly CrashPoint? _crashPoint;
    private readonly ManualResetEventSlim _reached = new();
    private int _count;

    /// <param name="crashPoint">The point at which to kill; null for never.</param>
    public CrashInjector(CrashPoint? crashPoint)
    {
        _crashPoint = crashPoint;
        if (crashPoint?.Delay > TimeSpan.Zero)
        {
            new Thread(CrashLater) { Name = "crash-injector", IsBackground = true }.Start();
        }
    }

    /// <summary>Reports that the calling thread has reached a location, and kills or stops the process if it is the planned one.</summary>
    public void Reach(CrashLocation location)
    {
        if (_crashPoint?.Location != location || Interlocked.Increment(ref _count) != _crashPoint.Occurrence)
        {
            return;
        }

        if (_crashPoint.Delay > TimeSpan.Zero)
        {
            _reached.Set();
        }
        else
        {
            Crash();
        }
    }

    private void CrashLater()
    {
        _reached.Wait();
        // No timer has a resolution of microseconds, so this thread spins at the end of the delay.
        var started = Stopwatch.GetTimestamp();
        if (_crashPoint!.Delay > SpinTime)
        {
            using var never = new ManualResetEventSlim();
            never.Wait(_crashPoint.Delay - SpinTime);
        }

        while (Stopwatch.GetElapsedTime(started) < _crashPoint.Delay)
        {
            Thread.SpinWait(10);
        }

        Crash();
    }

    private void Crash()
    {
        if (_crashPoint!.IsStop)
        {
            Console.WriteLine(CallHost.StopRequested);
            Signals.Terminate(Environment.ProcessId);
        }
        else
        {
            Signals.Kill(Environment.ProcessId);
        }
    }
}

/// <summary>The point at which a host kills or stops itself. Its text, such as <c>Committing:3:250</c> or <c>Handled:1:0:stop</c>, is an argument of the host.</summary>
internal sealed record CrashPoint
{
    private const string StopText = "stop";

    public required CrashLocation Location { get; init; }

    /// <summary>Which of the times that the location is reached counts, from 1.</summary>
    public required int Occurrence { get; init; }

    /// <summary>The delay before the kill. With zero the thread is killed at the location; otherwise it continues and is killed wherever it is by then.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether the host is asked to stop (SIGTERM) instead of being killed (SIGKILL).</summary>
    public bool IsStop { get; init; }

    public static CrashPoint Parse(string text) => text.Split(':') is [var location, var occurrence, var delay, .. ([] or [StopText]) and var stop]
        ? new()
        {
            Location = Enum.Parse<CrashLocation>(location),
            Occurrence = int.Parse(occurrence, CultureInfo.InvariantCulture),
            Delay = TimeSpan.FromMicroseconds(int.Parse(delay, CultureInfo.InvariantCulture)),
            IsStop = stop.Length > 0,
        }
        : throw new ArgumentException($"'{text}' is not location:occurrence:microseconds or location:occurrence:microseconds:{StopText}.", nameof(text));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Location}:{Occurrence}:{(int)Delay.TotalMicroseconds}{(IsStop ? $":{StopText}" : "")}");
}

/// <summary>The locations at which a host kills or stops itself: one between each two steps that can be distinguished from outside.</summary>
internal enum CrashLocation
{
    /// <summary>The inbox is about to open its file.</summary>
    Opening = 0,

    /// <summary>The file is open, and no transport has started.</summary>
    Opened,

    /// <summary>A poll has returned a notification, which is not processed yet.</summary>
    Received,

    /// <summary>The intake has a notification and has not read it yet.</summary>
    Reading,

    /// <summary>The notification is read and the policy has decided; it is about to be passed to the inbox.</summary>
    Storing,

    /// <summary>A row is written in a transaction that is not committed.</summary>
    Writing,

    /// <summary>A commit is requested, and nothing of it is in the log yet.</summary>
    Committing,

    /// <summary>A commit has returned, and no caller is notified yet.</summary>
    Committed,

    /// <summary>The inbox has confirmed that it stored the notification.</summary>
    Stored,

    /// <summary>The intake has returned to the transport, which has not acknowledged yet.</summary>
    Acknowledging,

    /// <summary>The response of the webhook is written.</summary>
    Acknowledged,

    /// <summary>A deletion is about to be sent.</summary>
    Deleting,

    /// <summary>A deletion is answered.</summary>
    Deleted,

    /// <summary>A handler is about to run.</summary>
    Handling,

    /// <summary>A handler has written its effect and has not returned.</summary>
    Handled,

    /// <summary>An attempt has ended and is not settled.</summary>
    Settling,

    /// <summary>The lookup of a caller's name has started, and the chat record waits for it.</summary>
    LookingUp,

    /// <summary>A name was found, and the chat record that waits for it is not started yet.</summary>
    NameFound,

    /// <summary>The wait for a name is over: the chat record starts without it.</summary>
    NameMissing,
}
