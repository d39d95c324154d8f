using System.Globalization;

namespace IncomingCalls.Shared;

/// <summary>
/// Detects a configured duration whose number of days is not visible. The binder reads <c>60</c> as 60 days and <c>24:00:00</c> as
/// 24 days, although a minute or a day was meant.
/// </summary>
internal static class DurationText
{
    /// <summary>Returns whether a value was read from a text, and the text does not separate its days: <c>60</c> or <c>24:00:00</c> instead of <c>1.00:00:00</c> or <c>1:00:00:00</c>.</summary>
    /// <param name="text">The configured text; null when there is none.</param>
    /// <param name="value">The value of the option. It differs from the text when code has set it.</param>
    public static bool HasHiddenDays(string? text, TimeSpan value) =>
        value.Days != 0
        && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var read)
        && read == value
        && !text.Contains('.', StringComparison.Ordinal)
        && text.Count(character => character == ':') < 3;
}
