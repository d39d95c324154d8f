using System.CommandLine;
using IncomingCalls.Cli.Tests.Hosting;

namespace IncomingCalls.Cli.Tests.CommandLine;

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
