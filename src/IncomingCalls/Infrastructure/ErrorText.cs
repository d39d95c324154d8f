using System.Text.RegularExpressions;

namespace IncomingCalls.Infrastructure;

/// <summary>
/// Creates the text of an error that may be stored and shown: type and message of the exception and of its inner exceptions, with anything
/// masked that could be a phone number or a token.
/// </summary>
internal static partial class ErrorText
{
    /// <summary>The maximum length of a message.</summary>
    private const int MaxLength = 500;

    /// <summary>The cause of a failure is seldom deeper: a handler wraps its data access, which wraps the driver, which wraps the socket.</summary>
    private const int MaxDepth = 4;

    public static string Create(Exception exception)
    {
        List<string> parts = [];
        for (var e = exception; e is not null && parts.Count < MaxDepth; e = e.InnerException)
        {
            parts.Add(Describe(e));
        }

        return string.Join(" Caused by ", parts);
    }

    public static string Create(string text)
    {
        // Truncate first, to twice the maximum, so that a message of megabytes is not searched.
        var masked = Secret().Replace(text.Length > 2 * MaxLength ? text[..(2 * MaxLength)] : text, "•••");
        return masked.Length <= MaxLength ? masked : $"{masked[..MaxLength]}…";
    }

    /// <summary>
    /// The message of a database error may begin with its SQLSTATE, which has five characters, often all digits, so it is written before what is searched for
    /// phone numbers.
    /// </summary>
    private static string Describe(Exception exception)
    {
        var type = exception.GetType().Name;
        return IsDatabaseError(exception) && SqlState().Match(exception.Message) is { Success: true } state
            ? $"{type} (SQLSTATE {state.Groups[1].ValueSpan}): {Create(exception.Message[state.Length..])}"
            : Create($"{type}: {exception.Message}");
    }

    /// <summary>By the name of the type: the core references no storage, not even its abstractions.</summary>
    private static bool IsDatabaseError(Exception exception)
    {
        for (var type = exception.GetType(); type is not null; type = type.BaseType)
        {
            if (type.FullName == "System.Data.Common.DbException")
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex("^([0-9A-Z]{5}): ", RegexOptions.CultureInvariant)]
    private static partial Regex SqlState();

    // Phone numbers have at least five digits, often with spaces, hyphens or parentheses between them; tokens are 50 letters and digits.
    [GeneratedRegex(@"\+?\d(?:[ ()-]{0,2}\d){4,}|[A-Za-z0-9_-]{32,}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();
}
