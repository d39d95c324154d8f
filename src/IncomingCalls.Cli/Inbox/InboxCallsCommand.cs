using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;
using IncomingCalls.Inbox;

namespace IncomingCalls.Cli.Inbox;

/// <summary><c>inbox calls</c>: shows which calls were accepted, and what became of their deliveries.</summary>
internal sealed class InboxCallsCommand : InboxCommand
{
    private readonly Option<string?> _callId = new("--call-id") { Description = "The id of the call (idMessage).", HelpName = "id" };
    private readonly Option<string?> _chat = new("--chat") { Description = "The caller: the digits of a phone number, or a chat id.", HelpName = "caller" };
    private readonly Option<long?> _idInstance = NumberOption.Create("--instance", "The instance that was called.", 1, long.MaxValue);
    private readonly Option<int?> _limit = NumberOption.Create("--limit", "The maximum number of calls; 20 by default.", 1, 1000);

    public InboxCallsCommand()
        : base("calls", "Shows which calls were accepted, newest first, and what became of their deliveries. The output contains phone numbers.")
    {
        _idInstance.Aliases.Add("--id-instance");
        Options.Add(_callId);
        Options.Add(_chat);
        Options.Add(_idInstance);
        Options.Add(_limit);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox calls data/calls.db --chat 70000000101", "Check whether the calls of a client were accepted and handled"),
        ("incoming-calls inbox calls data/calls.db --call-id A1 --json", "Check one call, in a script"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments;
        var filter = new StoredCallFilter { IdInstance = arguments.GetValue(_idInstance), IdMessage = arguments.GetValue(_callId), Chat = arguments.GetValue(_chat) };
        var calls = await inbox.FindCallsAsync(filter, arguments.GetValue(_limit) ?? 20, cancellationToken);
        foreach (var call in calls)
        {
            invocation.Output.Write(CallLine.FromCall(call), CliJsonContext.Readable.CallLine);
        }

        if (calls.Count == 0)
        {
            if (!filter.IsEmpty)
            {
                throw inbox.NoSuchCall();
            }

            invocation.Output.WriteNote("There are no calls in the inbox.");
        }

        return ExitCode.Success;
    }
}
