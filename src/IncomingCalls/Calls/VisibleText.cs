using System.Globalization;
using System.Text;

namespace IncomingCalls.Calls;

/// <summary>Recognizes texts that display nothing. Profile names of messengers can consist of such characters.</summary>
internal static class VisibleText
{
    /// <summary>Trims the white space of a text.</summary>
    /// <returns>The trimmed text; null if no character of the text is visible.</returns>
    public static string? TrimToNull(string? text)
    {
        foreach (var rune in text.AsSpan().EnumerateRunes())
        {
            if (IsVisible(rune))
            {
                return text!.Trim();
            }
        }

        return null;
    }

    private static bool IsVisible(Rune rune) =>
        !Rune.IsWhiteSpace(rune)
        && !IsBlankSymbol(rune.Value)
        // Format characters such as U+200B and U+200D, and marks such as the variation selectors, which only change another character.
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark);

    /// <summary>The Hangul fillers and the empty Braille pattern are letters and a symbol by category, but are displayed as white space.</summary>
    private static bool IsBlankSymbol(int value) => value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800;
}
