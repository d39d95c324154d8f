namespace IncomingCalls.Cli;

/// <summary><c>inbox stats</c>: how much waits.</summary>
internal sealed class InboxStatsCommand() : InboxCommand("stats", "Tells how much waits, since when, and how much has failed.")
{
    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox stats data/calls.db", "Is everything handled?"),
        ("incoming-calls inbox stats data/calls.db --json", "For a script"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var figures = await inbox.File.GetStatisticsAsync(cancellationToken);
        invocation.Output.Write(
            new() { Depth = figures.Depth, WaitingSince = figures.WaitingSince, DeadLetters = figures.DeadLetters, Quarantined = figures.Quarantined },
            CliJsonContext.Readable.InboxStatsLine);
        return ExitCode.Success;
    }
}
