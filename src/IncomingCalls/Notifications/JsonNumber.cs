using System.Buffers.Text;
using System.Text.Json;

namespace IncomingCalls;

/// <summary>A whole number that may be written as text.</summary>
internal static class JsonNumber
{
    /// <summary>More digits than these may not fit 64 bits.</summary>
    private const int SafeDigits = 18;

    /// <summary>The number that a value is; null when it is anything else or does not fit 64 bits.</summary>
    public static long? Of(JsonToken value, ReadOnlySpan<byte> json) => value.Type switch
    {
        JsonTokenType.Number or JsonTokenType.String when !value.IsEscaped => Parse(value.In(json)),
        _ => null,
    };

    private static long? Parse(ReadOnlySpan<byte> text)
    {
        // Instances and times are this short, and the general parser takes twice the time for them.
        if (text.Length is > 0 and <= SafeDigits && TryReadDigits(text, out var number))
        {
            return number;
        }

        return Utf8Parser.TryParse(text, out number, out var used) && used == text.Length ? number : null;
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        foreach (var character in text)
        {
            var digit = (uint)(character - '0');
            if (digit > 9)
            {
                return false;
            }

            number = (number * 10) + digit;
        }

        return true;
    }
}
