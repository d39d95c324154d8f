using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace IncomingCalls.Shared;

/// <summary>Reads texts whose content the host does not control, such as the names of callers, so that every store can write them.</summary>
internal static class ReceivedText
{
    /// <summary>
    /// Reads the string that a reader is at. Unpaired surrogates, such as half of an emoji, and invalid UTF-8 are replaced by U+FFFD;
    /// <see cref="Utf8JsonReader.GetString"/> throws for them.
    /// </summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            var text = Encoding.UTF8.GetString(reader.ValueSpan);
            // The escape sequences of JSON are a subset of those of regular expressions.
            return ReplaceInvalid(reader.ValueIsEscaped ? Regex.Unescape(text) : text);
        }
    }

    /// <summary>Returns whether an id can consist of this text: it contains no control character, and nothing was replaced.</summary>
    public static bool IsId(ReadOnlySpan<char> text) => IndexOfControl(text) < 0 && !text.Contains((char)Rune.ReplacementChar.Value);

    /// <summary>Removes control characters, which some stores refuse, such as U+0000 in PostgreSQL.</summary>
    public static string RemoveControls(string text) =>
        IndexOfControl(text) < 0 ? text : string.Concat(text.Where(static character => !char.IsControl(character)));

    private static int IndexOfControl(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static string ReplaceInvalid(string text) => string.Concat(text.EnumerateRunes().Select(static rune => rune.ToString()));
}
