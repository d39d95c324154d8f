using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Inbox;

/// <summary><c>inbox log</c>: shows what operators have replayed, purged and resumed.</summary>
internal sealed class InboxLogCommand : InboxCommand
{
    private readonly Option<int?> _limit = NumberOption.Create("--limit", "The maximum number of entries; 20 by default.", 1, 1000);

    public InboxLogCommand()
        : base("log", "Shows who replayed, purged or resumed what, newest first. A filter in the output is as the operator has typed it.") =>
        Options.Add(_limit);

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox log data/calls.db", "Show the last actions of operators"),
        ("incoming-calls inbox log --postgres INCOMING_CALLS_POSTGRES --limit 1000 --json", "Write the actions as JSON, for an archive"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var entries = await inbox.Items.ListAdministrationLogAsync(invocation.Arguments.GetValue(_limit) ?? 20, cancellationToken);
        foreach (var entry in entries)
        {
            invocation.Output.Write(AdministrationLine.FromEntry(entry), CliJsonContext.Readable.AdministrationLine);
        }

        if (entries.Count == 0)
        {
            invocation.Output.WriteNote("Nothing was replayed, purged or resumed yet.");
        }

        return ExitCode.Success;
    }
}
