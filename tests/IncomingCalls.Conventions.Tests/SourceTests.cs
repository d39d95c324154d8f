using System.Text.RegularExpressions;

namespace IncomingCalls.Conventions.Tests;

public partial class SourceTests
{
    private static readonly string[] Empty = ["Helper", "Helpers", "Util", "Utils", "Utilities", "Manager", "Common", "Misc"];

    [RepositoryFact]
    public void Files_FitOneReading() =>
        Repository.Files("*.cs").Where(file => File.ReadLines(file).Count() > 400).Select(Repository.Relative).Should().BeEmpty();

    [RepositoryFact]
    public void Files_HaveNamesThatSaySomething() =>
        Repository.Files("*.cs").Where(file => Empty.Any(word => Path.GetFileNameWithoutExtension(file).EndsWith(word, StringComparison.Ordinal)))
            .Select(Repository.Relative).Should().BeEmpty();

    /// <summary>
    /// Small types may stand with the one that the file is named after; <c>X.Log.cs</c> is a part of X.
    /// The templates' programs are top-level statements, as their users write them.
    /// </summary>
    [RepositoryFact]
    public void Files_ContainATypeOfTheirName() =>
        Repository.Files("*.cs")
            .Where(file => Repository.Relative(file).StartsWith("src/", StringComparison.Ordinal))
            .Where(file => !Repository.Relative(file).StartsWith("src/IncomingCalls.Templates/", StringComparison.Ordinal))
            .Where(file => TopLevelType().Matches(File.ReadAllText(file).ReplaceLineEndings("\n"))
                .All(type => type.Groups["name"].Value != Path.GetFileNameWithoutExtension(file).Split('.')[0]))
            .Select(Repository.Relative).Should().BeEmpty();

    [RepositoryFact]
    public void Tests_DoNotSleep() =>
        Repository.Files("*.cs")
            .Where(file => Repository.Relative(file).StartsWith("tests/", StringComparison.Ordinal) && Path.GetFileName(file) != "SourceTests.cs")
            .Where(file => Sleep().IsMatch(File.ReadAllText(file)))
            .Select(Repository.Relative).Should().BeEmpty();

    [GeneratedRegex(@"^(?:public|internal)[a-z ]* (?:class|struct|record|interface|enum|delegate [^\n(]+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay\(\d")]
    private static partial Regex Sleep();
}
