using System.Globalization;

namespace IncomingCalls.Cli.Output;

/// <summary>Formats dates and times for display.</summary>
internal static class LocalDateTimeFormatter
{
    /// <summary>Formats a date and time in the local time zone.</summary>
    public static string Format(DateTimeOffset at, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}

/// <summary>Formats times for display.</summary>
internal static class LocalTimeFormatter
{
    /// <summary>Formats a time of day in the local time zone.</summary>
    public static string Format(DateTimeOffset at, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
