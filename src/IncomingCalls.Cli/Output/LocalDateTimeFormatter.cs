using System.Globalization;

namespace IncomingCalls.Cli;

/// <summary>Days and times as people read them.</summary>
internal static class LocalDateTimeFormatter
{
    /// <summary>The day and time where the reader is.</summary>
    public static string Format(DateTimeOffset at, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
