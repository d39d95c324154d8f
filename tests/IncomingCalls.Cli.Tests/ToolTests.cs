using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;

namespace IncomingCalls.Cli.Tests;

public sealed class ToolTests
{
    [Theory]
    [InlineData("simulate")]
    [InlineData("send")]
    [InlineData("tail")]
    [InlineData("doctor")]
    [InlineData("inbox stats")]
    [InlineData("inbox list")]
    [InlineData("inbox show")]
    [InlineData("inbox replay")]
    [InlineData("inbox purge")]
    [InlineData("inbox schema")]
    public async Task Help_OfACommand_ShowsExamples(string command)
    {
        var result = await ToolProcess.RunAsync([.. command.Split(' '), "--help"]);

        result.ExitCode.Should().Be(0);
        result.Output.Should().Contain($"incoming-calls {command} ").And.Contain("--json").And.Contain("Examples:").And.Contain($"\n  incoming-calls {command}");
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("simulate")]
    public async Task Help_OfACommand_ListsEachOptionOnce(string command)
    {
        var result = await ToolProcess.RunAsync(command, "--help");

        result.Lines.Where(line => line.StartsWith("  --", StringComparison.Ordinal)).Select(line => line.TrimStart().Split(' ')[0]).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("tail", "--config", "")]
    [InlineData("simulate", "--script", "")]
    [InlineData("inbox", "stats", "")]
    public async Task File_WithoutAName_ReportsOneSentence(params string[] arguments) =>
        (await ToolProcess.RunAsync(arguments)).ShouldHaveFailed(ExitCode.Usage, "The name of a file is missing.");

    [Fact]
    public async Task Help_OfTheTool_ListsTheCommands()
    {
        var result = await ToolProcess.RunAsync("--help");

        result.ExitCode.Should().Be(0);
        result.Output.Should().ContainAll("incoming-calls [command]", "simulate", "send <status>", "tail", "doctor", "inbox");
    }

    [Fact]
    public async Task Version_Tool_PrintsTheVersionOnly()
    {
        var result = await ToolProcess.RunAsync("--version");

        result.ExitCode.Should().Be(0);
        result.Lines.Should().ContainSingle().Which.Should().MatchRegex("^[0-9]+\\.[0-9]+\\.[0-9]+");
    }

    [Theory]
    [InlineData("", "Required command was not provided. See incoming-calls --help.")]
    [InlineData("sned", "There is no command 'sned'. See incoming-calls --help.")]
    [InlineData("send", "Required argument missing for command: 'send'. See incoming-calls send --help.")]
    [InlineData("tail --tokn d75b3a66", "Unrecognized command or argument '--tokn'.")]
    [InlineData("tail --tokn=d75b3a66", "Unrecognized command or argument '--tokn'.")]
    [InlineData("tail d75b3a66", "There are too many arguments for 'tail'.")]
    [InlineData("tial --token d75b3a66", "There is no command 'tial'.")]
    [InlineData("inbox lst --token=d75b3a66", "There is no command 'lst'.")]
    [InlineData("tail @d75b3a66", "There are too many arguments for 'tail'.")]
    [InlineData("--token d75b3a66 tail", "Unrecognized command or argument '--token'.")]
    public async Task CommandLine_Invalid_ReportsTheErrorWithoutAToken(string arguments, string sentence)
    {
        var result = await ToolProcess.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        result.ShouldHaveFailed(ExitCode.Usage, sentence);
        result.Error.Should().NotContain("d75b3a66");
    }
}
