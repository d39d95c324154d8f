using System.Text.RegularExpressions;

namespace IncomingCalls.Shared;

/// <summary>The text of a label, which may contain placeholders.</summary>
internal static partial class LabelTemplate
{
    private const string Placeholders = "{name}, {phone}, {line} or {time}";

    /// <summary>Adds the failures of configured texts.</summary>
    /// <typeparam name="TLabel">The labels, of which the value 0 is none.</typeparam>
    public static void Require<TLabel>(OptionsCheck check, string key, IDictionary<TLabel, string>? texts)
        where TLabel : struct, Enum
    {
        foreach (var (label, text) in texts ?? new Dictionary<TLabel, string>())
        {
            check.Require(Enum.IsDefined(label) && !label.Equals(default(TLabel)), $"{key}:{label}", "is not a label. Write IncomingCall, AnsweredCall, DroppedCall or MissedCall.");
            check.Require(!string.IsNullOrWhiteSpace(text), $"{key}:{label}", "is empty. Write a text, or remove the key.");
            var unknown = FindUnknownPlaceholder(text ?? "");
            check.Require(unknown is null, $"{key}:{label}", $"contains {unknown}, which is not a placeholder. Write {Placeholders}.");
        }
    }

    /// <summary>Replaces the placeholders. What replaces one is not searched for others: it is text that a caller has chosen.</summary>
    /// <param name="text">The text.</param>
    /// <param name="getValue">Gets the value of a placeholder by its name, without braces; null for a text that is not a placeholder.</param>
    public static string Fill(string text, Func<string, string?> getValue) =>
        text.Contains('{', StringComparison.Ordinal) ? Placeholder().Replace(text, match => getValue(match.Value[1..^1]) ?? match.Value) : text;

    private static string? FindUnknownPlaceholder(string text) =>
        Placeholder().Matches(text).Select(match => match.Value).FirstOrDefault(placeholder => !Placeholders.Contains(placeholder, StringComparison.Ordinal));

    [GeneratedRegex(@"\{\w{1,20}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
