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

    /// <summary>The templates' programs are top-level statements, as their users write them.</summary>
    [RepositoryFact]
    public void Files_HoldOneTypeOfTheirName() =>
        Repository.Files("*.cs")
            .Where(file => Repository.Relative(file).StartsWith("src/", StringComparison.Ordinal))
            .Where(file => !Repository.Relative(file).StartsWith("src/IncomingCalls.Templates/", StringComparison.Ordinal))
            .Where(file => TopLevelType().Matches(File.ReadAllText(file)) is var types
                && (types.Count != 1 || types[0].Groups["name"].Value != Path.GetFileNameWithoutExtension(file).Split('.')[0]))
            .Select(Repository.Relative).Should().BeEmpty();

    [RepositoryFact]
    public void Tests_DoNotSleep() =>
        Repository.Files("*.cs")
            .Where(file => Repository.Relative(file).StartsWith("tests/", StringComparison.Ordinal) && Path.GetFileName(file) != "SourceTests.cs")
            .Where(file => Sleep().IsMatch(File.ReadAllText(file)))
            .Select(Repository.Relative).Should().BeEmpty();

    [GeneratedRegex(@"^(?:\[[^\n]*\]\n)*(?:public|internal)[a-z ]* (?:class|struct|record|interface|enum|record struct|delegate \w+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay\(\d")]
    private static partial Regex Sleep();
}
