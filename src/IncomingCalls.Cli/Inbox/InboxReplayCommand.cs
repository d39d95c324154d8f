using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Inbox;

/// <summary><c>inbox replay</c>: requests another attempt for failed items.</summary>
internal sealed class InboxReplayCommand : InboxCommand
{
    private readonly ItemSelector _selector;
    private readonly InboxPartOption _partOption;

    public InboxReplayCommand()
        : base("replay", "Requests another attempt: of the handler of a dead letter, or of reading a quarantined notification. The command is idempotent.")
    {
        _selector = new(this);
        _partOption = new(this);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox replay data/calls.db 3", "Replay one dead letter"),
        ("incoming-calls inbox replay data/calls.db --all", "Replay all dead letters, for example after an outage of the CRM"),
        ("incoming-calls inbox replay data/calls.db --all --quarantine", "Replay the whole quarantine, for example after an update"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var (id, part) = (_selector.GetId(invocation.Arguments), _partOption.GetPart(invocation.Arguments));
        var count = part == InboxPart.Quarantine
            ? await inbox.File.ReplayQuarantineAsync(id, cancellationToken)
            : await inbox.File.ReplayDeadLettersAsync(id, cancellationToken);
        if (count == 0 && id is { } one)
        {
            throw inbox.NotFound(part, one);
        }

        invocation.Output.Write(new() { Type = "replay", Part = part, Count = count }, CliJsonContext.Readable.InboxChangeLine);
        return ExitCode.Success;
    }
}

/// <summary><c>inbox purge</c>: removes failed items.</summary>
internal sealed class InboxPurgeCommand : InboxCommand
{
    private readonly ItemSelector _selector;
    private readonly InboxPartOption _partOption;
    private readonly Option<bool> _yes = Confirmation.CreateYesOption();

    public InboxPurgeCommand()
        : base("purge", "Removes failed items permanently. Asks for confirmation before it removes all.")
    {
        _selector = new(this);
        _partOption = new(this);
        Options.Add(_yes);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox purge data/calls.db 3", "Remove one dead letter"),
        ("incoming-calls inbox purge data/calls.db --all --quarantine --yes", "Remove the whole quarantine, in a script"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments;
        var (id, part) = (_selector.GetId(arguments), _partOption.GetPart(arguments));
        if (id is null && !arguments.GetValue(_yes))
        {
            var statistics = await inbox.File.GetStatisticsAsync(cancellationToken);
            var all = part == InboxPart.Quarantine ? statistics.Quarantined : statistics.DeadLetters;
            if (all > 0)
            {
                await Confirmation.RequireAsync(invocation.Terminal, $"Permanently remove all {all} items from the {InboxPartOption.DisplayNameOf(part)}?", cancellationToken);
            }
        }

        var count = part == InboxPart.Quarantine
            ? await inbox.File.PurgeQuarantineAsync(id, cancellationToken)
            : await inbox.File.PurgeDeadLettersAsync(id, cancellationToken);
        if (count == 0 && id is { } one)
        {
            throw inbox.NotFound(part, one);
        }

        invocation.Output.Write(new() { Type = "purge", Part = part, Count = count }, CliJsonContext.Readable.InboxChangeLine);
        return ExitCode.Success;
    }
}
