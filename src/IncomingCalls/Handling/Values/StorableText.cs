using System.Text;

namespace IncomingCalls.Handling.Values;

/// <summary>Checks texts of handlers, so that every store can write them and reads the same text.</summary>
internal static class StorableText
{
    public const int MaxValueBytes = 4_096;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Requires a value that can be stored.</summary>
    /// <exception cref="ArgumentException">The value is too long or malformed.</exception>
    public static void RequireValue(string value, string parameterName)
    {
        if (CountBytes(value, "value", parameterName) > MaxValueBytes)
        {
            throw new ArgumentException("The value is longer than 4,096 bytes of UTF-8. Store it in a database of your own, and save its id here.", parameterName);
        }
    }

    /// <summary>Requires a part of a key that can be stored.</summary>
    /// <exception cref="ArgumentException">The text is too long or malformed.</exception>
    public static void Require(string text, int maxBytes, string what, string parameterName)
    {
        if (CountBytes(text, what, parameterName) > maxBytes)
        {
            throw new ArgumentException($"The {what} is longer than {maxBytes} bytes of UTF-8. Use a shorter text, for example a hash of it.", parameterName);
        }
    }

    private static int CountBytes(string text, string what, string parameterName)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The {what} contains the character U+0000, which not every inbox can store. Remove it, or encode the text, for example as Base64.", parameterName);
        }

        try
        {
            return Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            // Without the cause, which quotes a part of the text.
            throw new ArgumentException($"The {what} is malformed: it contains half of a surrogate pair, as a text has that was cut within an emoji. Cut it between characters, or encode it, for example as Base64.", parameterName);
        }
    }
}
