using System.Text.RegularExpressions;

namespace IncomingCalls.Conventions.Tests;

/// <summary>What a page and its translation have in common: headings by level, code, table rows by the code in their cells, and list items.</summary>
internal static partial class PageOutline
{
    /// <summary>The first element that one page has and the other has not, or null.</summary>
    public static string? Difference(string page, string translation)
    {
        var (own, other) = (Read(page), Read(translation));
        var same = own.Zip(other).TakeWhile(pair => pair.First.Key == pair.Second.Key).Count();
        return same == own.Count && same == other.Count ? null : $"{Describe(own, same)}, but the translation has {Describe(other, same)}";
    }

    private static string Describe(List<Element> elements, int index) =>
        index < elements.Count ? $"\"{elements[index].Text}\" in line {elements[index].Line}" : "nothing more";

    private static List<Element> Read(string page)
    {
        var lines = page.ReplaceLineEndings("\n").Split('\n');
        var elements = new List<Element>();
        for (var i = 0; i < lines.Length; i++)
        {
            var text = lines[i].Trim();
            if (text.StartsWith("```", StringComparison.Ordinal))
            {
                var code = lines.Skip(i + 1).TakeWhile(line => line.Trim() != "```").ToArray();
                // Comments of commands are translated. Those of snippets are not: they are the text of a file.
                elements.Add(new(string.Join('\n', text == "```sh" ? code.Select(line => ShellComment().Replace(line, "")) : code), text, i + 1));
                i += code.Length + 1;
            }
            else if (Heading().Match(text) is { Success: true } heading)
            {
                elements.Add(new(heading.Value, text, i + 1));
            }
            else if (text.StartsWith('|'))
            {
                elements.Add(new(string.Join('|', text.Split('|').Select(CodeOf)), text, i + 1));
            }
            else if (ListItem().Match(text) is { Success: true } item)
            {
                elements.Add(new(item.Value, text, i + 1));
            }
            else if (text.StartsWith("<!-- snippet:", StringComparison.Ordinal))
            {
                elements.Add(new(text, text, i + 1));
            }
        }

        return elements;
    }

    // In the order of the alphabet: the order of the words is that of the language.
    private static string CodeOf(string cell) => string.Join(' ', Code().Matches(cell).Select(code => code.Value).Order(StringComparer.Ordinal));

    private sealed record Element(string Key, string Text, int Line);

    [GeneratedRegex("^#{1,6}(?= )")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(-|\d+\.)(?= )")]
    private static partial Regex ListItem();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\s+# .*$")]
    private static partial Regex ShellComment();
}
