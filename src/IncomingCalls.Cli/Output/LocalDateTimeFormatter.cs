using System.Globalization;

namespace IncomingCalls.Cli.Output;

/// <summary>Days and times as people read them.</summary>
internal static class LocalDateTimeFormatter
{
    /// <summary>The day and time where the reader is.</summary>
    public static string Format(DateTimeOffset at, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}

/// <summary>Times as people read them.</summary>
internal static class LocalTimeFormatter
{
    /// <summary>The time of day where the reader is.</summary>
    public static string Format(DateTimeOffset at, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
