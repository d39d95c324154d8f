using System.Globalization;

namespace IncomingCalls.Shared;

/// <summary>
/// Detects a configured duration that was probably meant differently. The binder reads <c>60</c> as 60 days, <c>24:00:00</c> as 24 days and
/// <c>15:00</c> as 15 hours, although a minute, a day or fifteen minutes was meant.
/// </summary>
internal static class DurationText
{
    /// <summary>How to write a duration, as a part of a sentence.</summary>
    public const string Examples = "00:15:00 is fifteen minutes and 1.00:00:00 a day";

    /// <summary>
    /// Returns whether a value was read from a text that does not say its unit: a bare number, hours and minutes without seconds, or 24 hours and
    /// more without a day. Days are visible in <c>1.00:00:00</c> and <c>1:00:00:00</c>. Zero is the same in every unit.
    /// </summary>
    /// <param name="text">The configured text; null when there is none.</param>
    /// <param name="value">The value of the option. It differs from the text when code has set it.</param>
    public static bool IsAmbiguous(string? text, TimeSpan value)
    {
        if (value == TimeSpan.Zero || !TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var read) || read != value)
        {
            return false;
        }

        var colons = text.Count(character => character == ':');
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var hasDays = colons == 3 || (dot >= 0 && dot < text.IndexOf(':', StringComparison.Ordinal));
        return !hasDays && (colons < 2 || value.Days != 0);
    }

    /// <summary>Returns the value in words, such as <c>15 hours</c>.</summary>
    public static string Describe(TimeSpan value) => string.Join(
        ' ',
        new (int Count, string Unit)[] { (value.Days, "day"), (value.Hours, "hour"), (value.Minutes, "minute"), (value.Seconds, "second") }
            .Where(part => part.Count != 0)
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count} {part.Unit}{(part.Count is 1 or -1 ? "" : "s")}")));
}
