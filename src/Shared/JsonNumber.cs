using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace IncomingCalls.Shared;

/// <summary>
/// Reads whole numbers, such as ids and times. Relays write them as strings, with a zero fraction or with an exponent: <c>"1101000001"</c>,
/// <c>1101000001.0</c>, <c>1.101000001e9</c>.
/// </summary>
internal static class JsonNumber
{
    /// <summary>The maximum length of a number. The longest that can be meant is <c>-9223372036854775808.0</c> with some zeros.</summary>
    private const int MaxLength = 64;

    /// <summary>The latest time that is accepted. Limits in hours and days are added to it.</summary>
    private static readonly long LastSecond = DateTimeOffset.MaxValue.AddYears(-1).ToUnixTimeSeconds();

    /// <summary>Reads an id; null when the value that the reader is at is not a whole number of 64 bits.</summary>
    public static long? ReadId(ref Utf8JsonReader reader) =>
        Read(ref reader) is { } number && decimal.IsInteger(number) ? (long)number : null;

    /// <summary>Reads a number of seconds, without its fraction; null when the value that the reader is at is not a number of 64 bits.</summary>
    public static long? ReadSeconds(ref Utf8JsonReader reader) =>
        Read(ref reader) is { } number ? (long)number : null;

    /// <summary>
    /// Converts a Unix time; null when it is negative or too large. The gateway writes seconds. A number that is too large for seconds is milliseconds: if
    /// it were ignored, an old offer would ring.
    /// </summary>
    public static DateTimeOffset? ToTime(long? number)
    {
        var seconds = number > LastSecond ? number / 1000 : number;
        return seconds is { } s && s >= 0 && s <= LastSecond ? DateTimeOffset.FromUnixTimeSeconds(s) : null;
    }

    private static decimal? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String) || reader.ValueIsEscaped || reader.ValueSpan.Length > MaxLength)
        {
            return null;
        }

        var text = reader.ValueSpan;
        return Utf8Parser.TryParse(text, out long integer, out var used) && used == text.Length ? integer
            : decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
                && number is >= long.MinValue and <= long.MaxValue ? number
            : null;
    }
}
