namespace IncomingCalls.Cli.Tests.Hosting;

/// <summary>A command with a bug.</summary>
internal sealed class FailingVerb() : Verb("fail", "Fails.")
{
    public override IReadOnlyList<(string Line, string Purpose)> Examples => [];

    protected override Task<ExitCode> RunAsync(Invocation invocation, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("https://api.test/waInstance1/getSettings/secret-token");
}
