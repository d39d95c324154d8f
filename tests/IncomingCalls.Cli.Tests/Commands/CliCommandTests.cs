using System.CommandLine;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Tests.Commands;

public sealed class CliCommandTests
{
    [Fact]
    public async Task Command_ThrowsUnexpectedly_AsksForAReportWithoutDetails()
    {
        using var complaints = new StringWriter();
        var terminal = new Terminal { Out = TextWriter.Null, Error = complaints, IsInteractive = false, Time = TimeProvider.System };

        var code = await new RootCommand { new FailingCommand { Terminal = terminal } }.Parse("fail").InvokeAsync();

        code.Should().Be((int)ExitCode.Failed);
        complaints.ToString().Should().Contain("InvalidOperationException in 'fail'").And.NotContain("secret-token").And.NotContain("   at ");
    }
}

/// <summary>A command with a bug.</summary>
internal sealed class FailingCommand() : CliCommand("fail", "Fails.")
{
    public override IReadOnlyList<(string Line, string Purpose)> Examples => [];

    protected override Task<ExitCode> RunAsync(CommandInvocation invocation, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("https://api.test/waInstance1/getSettings/secret-token");
}
