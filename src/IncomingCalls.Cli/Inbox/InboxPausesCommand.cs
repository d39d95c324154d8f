using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Inbox;

/// <summary><c>inbox pauses</c>: lists the destinations to which deliveries are paused.</summary>
internal sealed class InboxPausesCommand() : InboxCommand("pauses", "Lists the destinations to which deliveries are paused, and why.")
{
    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox pauses data/calls.db", "List the paused destinations"),
        ("incoming-calls inbox pauses --postgres INCOMING_CALLS_POSTGRES --json", "Write them as JSON, for a script"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var pauses = await inbox.Items.ListPausesAsync(cancellationToken);
        foreach (var pause in pauses)
        {
            invocation.Output.Write(PauseLine.FromPause(pause), CliJsonContext.Readable.PauseLine);
        }

        if (pauses.Count == 0)
        {
            invocation.Output.WriteNote("No destination is paused.");
        }

        return ExitCode.Success;
    }
}

/// <summary><c>inbox resume</c>: ends pauses of destinations.</summary>
internal sealed class InboxResumeCommand : InboxCommand
{
    private readonly Option<string?> _handler = new("--handler") { Description = "The name of the handler, as shown by 'inbox pauses'.", HelpName = "name" };
    private readonly Option<string?> _destination = new("--destination") { Description = "The destination, as shown by 'inbox pauses'.", HelpName = "name" };
    private readonly Option<bool> _all = new("--all") { Description = "End all pauses." };
    private readonly OperatorOption _by;

    public InboxResumeCommand()
        : base("resume", "Ends pauses, for example after the access to a destination was restored. A destination that is still unavailable is paused again by the next attempt.")
    {
        Options.Add(_handler);
        Options.Add(_destination);
        Options.Add(_all);
        _by = new(this);
        Validators.Add(result =>
        {
            if (result.GetValue(_all) == (result.GetResult(_handler) is not null || result.GetResult(_destination) is not null))
            {
                result.AddError("'resume' requires either --all, or --handler, --destination or both.");
            }
        });
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox resume data/calls.db --handler crm --destination bitrix24:portal-7", "Continue the deliveries of a handler to a destination"),
        ("incoming-calls inbox resume --postgres INCOMING_CALLS_POSTGRES --all --by anna", "Continue all deliveries, in the name of Anna"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments;
        var count = await inbox.Items.EndPausesAsync(arguments.GetValue(_handler), arguments.GetValue(_destination), _by.GetName(arguments), cancellationToken);
        if (count == 0 && !arguments.GetValue(_all))
        {
            throw inbox.NoSuchPause();
        }

        invocation.Output.Write(new() { Count = count }, CliJsonContext.Readable.InboxResumeLine);
        return ExitCode.Success;
    }
}
