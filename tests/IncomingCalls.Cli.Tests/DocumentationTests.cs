using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Simulate;
using IncomingCalls.Cli.Tests.Hosting;

namespace IncomingCalls.Cli.Tests;

/// <summary>docs/command-line.md describes all commands and options of the tool.</summary>
public sealed class DocumentationTests
{
    private static readonly string[] CommandNames =
        ["simulate", "send", "tail", "doctor", "inbox stats", "inbox drained", "inbox calls", "inbox list", "inbox show", "inbox replay", "inbox purge", "inbox pauses", "inbox resume", "inbox log", "inbox erase", "inbox erasures", "inbox schema"];
    private static readonly string[] ExternalOptions = ["--global", "--prerelease", "--project"];

    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "command-line.md"));

    [Fact]
    public void Page_ExitCodes_AreAllDocumented() =>
        Enum.GetValues<ExitCode>().Should().OnlyContain(code => Page.Contains($"\n| {(int)code} | "));

    [Fact]
    public void Page_Quirks_AreAllDocumented() =>
        Quirk.All.Should().OnlyContain(quirk => Page.Contains($"\n| `{quirk.Name}` | "));

    [Fact]
    public void Quirks_Names_CoverTheSimulator()
    {
        Quirk.All.Aggregate(Testing.CallQuirks.None, (all, quirk) => all | quirk.Calls)
            .Should().Be(Enum.GetValues<Testing.CallQuirks>().Aggregate((all, quirk) => all | quirk));
        Quirk.All.Aggregate(Testing.GatewayQuirks.None, (all, quirk) => all | quirk.Gateway)
            .Should().Be(Enum.GetValues<Testing.GatewayQuirks>().Aggregate((all, quirk) => all | quirk));
    }

    [Fact]
    public async Task Page_Options_ExistInTheTool()
    {
        var help = string.Concat(await Task.WhenAll(CommandNames.Select(async verb => (await ToolProcess.RunAsync([.. verb.Split(' '), "--help"])).Output)));

        var named = Page.Split([' ', '\n', '`', ',', ')', '(', '.', ':', '*'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2 && char.IsLetter(word[2]))
            .Except(ExternalOptions).Distinct();
        named.Should().NotBeEmpty().And.OnlyContain(option => help.Contains($"  {option} ") || help.Contains($", {option} "));
    }
}
