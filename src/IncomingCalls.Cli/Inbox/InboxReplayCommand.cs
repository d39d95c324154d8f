using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Inbox;

/// <summary><c>inbox replay</c>: requests another attempt for failed items.</summary>
internal sealed class InboxReplayCommand : InboxCommand
{
    private readonly InboxPartOption _partOption;
    private readonly ItemSelector _selector;
    private readonly OperatorOption _by;

    public InboxReplayCommand()
        : base(
            "replay",
            "Requests another attempt: of the handler of a dead letter, or of reading a quarantined notification. The command is idempotent. "
                + "What has waited for a paused destination for longer than MaxPause becomes a dead letter again, without an attempt, until the pause has ended: 'inbox pauses' lists the pauses.",
            hasId: true)
    {
        _partOption = new(this);
        _selector = new(this, Location, _partOption);
        _by = new(this);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox replay data/calls.db 3", "Replay one dead letter"),
        ("incoming-calls inbox replay data/calls.db --handler crm --from \"2026-11-23 15:00\"", "Replay what the CRM has missed since its outage"),
        ("incoming-calls inbox replay --postgres INCOMING_CALLS_POSTGRES --all", "Replay all dead letters of a PostgreSQL inbox"),
        ("incoming-calls inbox replay data/calls.db --all --quarantine", "Replay the whole quarantine, for example after an update"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var (filter, part) = (_selector.GetFilter(invocation.Arguments, invocation.Terminal), _partOption.GetPart(invocation.Arguments));
        var performedBy = _by.GetName(invocation.Arguments);
        var count = part == InboxPart.Quarantine
            ? await inbox.Items.ReplayQuarantineAsync(filter, performedBy, cancellationToken)
            : await inbox.Items.ReplayDeadLettersAsync(filter, performedBy, cancellationToken);
        if (count == 0 && filter.Id is { } one)
        {
            throw inbox.NotFound(part, one);
        }

        invocation.Output.Write(
            new() { Type = "replay", Part = part, Count = count, IsFiltered = !_selector.IsAll(invocation.Arguments) }, CliJsonContext.Readable.InboxChangeLine);
        return ExitCode.Success;
    }
}

/// <summary><c>inbox purge</c>: removes failed items.</summary>
internal sealed class InboxPurgeCommand : InboxCommand
{
    private const int PageSize = 1000;

    private readonly InboxPartOption _partOption;
    private readonly ItemSelector _selector;
    private readonly OperatorOption _by;
    private readonly Option<bool> _yes = Confirmation.CreateYesOption();

    public InboxPurgeCommand()
        : base("purge", "Removes failed items permanently. Asks for confirmation unless one is selected by its id.", hasId: true)
    {
        _partOption = new(this);
        _selector = new(this, Location, _partOption);
        _by = new(this);
        Options.Add(_yes);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox purge data/calls.db 3", "Remove one dead letter"),
        ("incoming-calls inbox purge data/calls.db --instance 1101000001", "Remove the dead letters of an instance"),
        ("incoming-calls inbox purge data/calls.db --all --quarantine --yes", "Remove the whole quarantine, in a script"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments;
        var (filter, part, isAll) = (_selector.GetFilter(arguments, invocation.Terminal), _partOption.GetPart(arguments), _selector.IsAll(arguments));
        if (filter.Id is null && !arguments.GetValue(_yes))
        {
            var selected = await CountAsync(inbox, part, filter, cancellationToken);
            if (selected > 0)
            {
                await Confirmation.RequireAsync(
                    invocation.Terminal, $"Permanently remove {(isAll ? "all " : "")}{selected} items from the {InboxPartOption.DisplayNameOf(part)}?", cancellationToken);
            }
        }

        var performedBy = _by.GetName(arguments);
        var count = part == InboxPart.Quarantine
            ? await inbox.Items.PurgeQuarantineAsync(filter, performedBy, cancellationToken)
            : await inbox.Items.PurgeDeadLettersAsync(filter, performedBy, cancellationToken);
        if (count == 0 && filter.Id is { } one)
        {
            throw inbox.NotFound(part, one);
        }

        invocation.Output.Write(new() { Type = "purge", Part = part, Count = count, IsFiltered = !isAll }, CliJsonContext.Readable.InboxChangeLine);
        return ExitCode.Success;
    }

    private static async Task<int> CountAsync(InboxTarget inbox, InboxPart part, InboxFilter filter, CancellationToken cancellationToken)
    {
        int count = 0, found;
        long after = 0;
        do
        {
            long[] ids = part == InboxPart.Quarantine
                ? [.. (await inbox.Items.ListQuarantineAsync(PageSize, after, filter, cancellationToken)).Select(static item => item.Id)]
                : [.. (await inbox.Items.ListDeadLettersAsync(PageSize, after, filter, cancellationToken)).Select(static letter => letter.Id)];
            found = ids.Length;
            count += found;
            after = ids.LastOrDefault();
        }
        while (found == PageSize);
        return count;
    }
}
