using System.Globalization;

namespace IncomingCalls.CrashTests;

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
