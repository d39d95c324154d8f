using System.Text.RegularExpressions;

namespace IncomingCalls.Infrastructure;

/// <summary>Creates the text of an error that may be stored and shown: type and message, with anything masked that could be a phone number or a token.</summary>
internal static partial class ErrorText
{
    private const int MaxLength = 500;

    public static string Create(Exception exception) => Create($"{exception.GetType().Name}: {exception.Message}");

    public static string Create(string text)
    {
        // Truncate first, to twice the maximum, so that a message of megabytes is not searched.
        var masked = Secret().Replace(text.Length > 2 * MaxLength ? text[..(2 * MaxLength)] : text, "•••");
        return masked.Length <= MaxLength ? masked : $"{masked[..MaxLength]}…";
    }

    // Phone numbers have at least five digits, often with spaces, hyphens or parentheses between them; tokens are 50 letters and digits.
    [GeneratedRegex(@"\+?\d(?:[ ()-]{0,2}\d){4,}|[A-Za-z0-9_-]{32,}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();
}
