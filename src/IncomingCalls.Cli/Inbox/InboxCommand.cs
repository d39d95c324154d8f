using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Inbox;

/// <summary>The base class of the commands for a durable inbox: the file of a SQLite inbox, or a PostgreSQL database.</summary>
internal abstract class InboxCommand : CliCommand
{
    protected InboxCommand(string name, string description, bool hasId = false)
        : base(name, description) =>
        Location = new(this, hasId);

    protected InboxLocation Location { get; }

    protected sealed override async Task<ExitCode> RunAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        using var inbox = InboxTarget.Open(invocation.Arguments, Location, invocation.Terminal.Time);
        return await RunAsync(invocation, inbox, cancellationToken);
    }

    protected abstract Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken);
}
