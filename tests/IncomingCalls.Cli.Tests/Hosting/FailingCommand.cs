namespace IncomingCalls.Cli.Tests.Hosting;

/// <summary>A command with a bug.</summary>
internal sealed class FailingCommand() : CliCommand("fail", "Fails.")
{
    public override IReadOnlyList<(string Line, string Purpose)> Examples => [];

    protected override Task<ExitCode> RunAsync(CommandInvocation invocation, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("https://api.test/waInstance1/getSettings/secret-token");
}
