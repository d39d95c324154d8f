using System.Text.RegularExpressions;

namespace IncomingCalls.Inbox;

/// <summary>A failure in a line that may be kept and shown: type and message, without what could be a phone number or a token.</summary>
internal static partial class ErrorText
{
    private const int MaxLength = 500;

    public static string Create(Exception exception) => Create($"{exception.GetType().Name}: {exception.Message}");

    public static string Create(string text)
    {
        // Cut first, with room: a message of megabytes is not worth a search.
        var masked = Secret().Replace(text.Length > 2 * MaxLength ? text[..(2 * MaxLength)] : text, "•••");
        return masked.Length <= MaxLength ? masked : $"{masked[..MaxLength]}…";
    }

    // Phone numbers have five digits at least, often with blanks or brackets between; tokens are 50 letters and digits.
    [GeneratedRegex(@"\+?\d(?:[ ()-]{0,2}\d){4,}|[A-Za-z0-9_-]{32,}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();
}
