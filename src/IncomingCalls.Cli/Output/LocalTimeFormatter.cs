using System.Globalization;

namespace IncomingCalls.Cli;

/// <summary>Times as people read them.</summary>
internal static class LocalTimeFormatter
{
    /// <summary>The time of day where the reader is.</summary>
    public static string Format(DateTimeOffset at, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
