using System.Globalization;

namespace IncomingCalls.Cli;

/// <summary>Days and times as people read them.</summary>
internal static class DateText
{
    /// <summary>The day and time where the reader is.</summary>
    public static string Of(DateTimeOffset at, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
