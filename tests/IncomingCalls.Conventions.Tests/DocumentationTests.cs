using System.Text.RegularExpressions;

namespace IncomingCalls.Conventions.Tests;

/// <summary>The documentation shows code that is built with the solution, and its links lead somewhere.</summary>
public partial class DocumentationTests
{
    [RepositoryFact]
    public void Snippets_AreTheFilesTheyName()
    {
        foreach (var page in Repository.Files("*.md"))
        {
            var text = File.ReadAllText(page).ReplaceLineEndings("\n");
            foreach (Match match in Snippet().Matches(text))
            {
                match.Groups["code"].Value.TrimEnd().Should().Be(
                    Read(match.Groups["file"].Value, match.Groups["region"].Value),
                    $"{Repository.Relative(page)} shows {match.Groups["file"].Value}; run eng/update-snippets.sh");
            }

            CodeWithoutSnippet().IsMatch(text).Should().BeFalse($"every C# block of {Repository.Relative(page)} names the file it comes from");
        }
    }

    [RepositoryFact]
    public void Links_LeadToFilesAndHeadingsThatExist()
    {
        var broken =
            from page in Repository.Files("*.md")
            from Match link in Link().Matches(File.ReadAllText(page))
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal)
            let parts = target.Split('#')
            let path = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, parts[0])
            where (!File.Exists(path) && !Directory.Exists(path)) || (parts.Length > 1 && !Anchors(path).Contains(parts[1]))
            select $"{Repository.Relative(page)} -> {target}";

        broken.Should().BeEmpty();
    }

    /// <summary>The walk through the files leads through files that are there.</summary>
    [RepositoryFact]
    public void Architecture_NamesFilesThatExist()
    {
        var files = Repository.Files("*.cs").Select(file => $"/{Repository.Relative(file)}").ToArray();
        var named = FileName().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"))).Select(name => name.Groups["name"].Value).ToArray();

        named.Should().HaveCountGreaterThan(15);
        named.Should().OnlyContain(name => files.Any(file => file.Contains($"/{name}.cs", StringComparison.Ordinal) || file.Contains($"/{name}/", StringComparison.Ordinal)));
    }

    /// <summary>The names that GitHub gives to the headings of a page.</summary>
    private static IEnumerable<string> Anchors(string page) =>
        Heading().Matches(File.ReadAllText(page)).Select(heading =>
            NotInAnchors().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static string Read(string file, string region)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, file)).ReplaceLineEndings("\n");
        if (region.Length == 0)
        {
            return text.TrimEnd();
        }

        var lines = text.Split('\n').SkipWhile(line => line.Trim() != $"#region {region}").Skip(1).TakeWhile(line => line.Trim() != "#endregion").ToArray();
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : "")).TrimEnd();
    }

    [GeneratedRegex("<!-- snippet: (?<file>[^#\\s]+)(?:#(?<region>\\w+))? -->\n```[a-z]+\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex("(?<!-->)\n```csharp")]
    private static partial Regex CodeWithoutSnippet();

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z.]*/[A-Za-z/]+)`")]
    private static partial Regex FileName();

    [GeneratedRegex("^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
