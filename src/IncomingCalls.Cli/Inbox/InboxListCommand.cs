using System.CommandLine;
using System.Text;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Inbox;

/// <summary><c>inbox list</c>: lists the failed items, oldest first.</summary>
internal sealed class InboxListCommand : InboxCommand
{
    private readonly InboxPartOption _partOption;
    private readonly InboxFilterOptions _filter;
    private readonly Option<int?> _limit = NumberOption.Create("--limit", "The maximum number of items; 100 by default.", 1, 1000);
    private readonly Option<long?> _after = NumberOption.Create("--after", "Begin after this id, the last id of the previous page.", 0, long.MaxValue);

    public InboxListCommand()
        : base("list", "Lists the failed items, oldest first.")
    {
        _partOption = new(this);
        _filter = new(this, _partOption);
        Options.Add(_limit);
        Options.Add(_after);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox list data/calls.db", "List the dead letters"),
        ("incoming-calls inbox list data/calls.db --quarantine", "List the unreadable notifications"),
        ("incoming-calls inbox list --postgres INCOMING_CALLS_POSTGRES --account acme --kind Missed", "List the missed calls that a customer's CRM did not get"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var limit = invocation.Arguments.GetValue(_limit) ?? 100;
        var after = invocation.Arguments.GetValue(_after) ?? 0;
        var filter = _filter.GetFilter(invocation.Arguments, invocation.Terminal.Time);
        var part = _partOption.GetPart(invocation.Arguments);
        var count = part == InboxPart.Quarantine
            ? WriteAll(await inbox.Items.ListQuarantineAsync(limit, after, filter, cancellationToken), item => invocation.Output.Write(QuarantineLine.FromItem(item), CliJsonContext.Readable.QuarantineLine))
            : WriteAll(await inbox.Items.ListDeadLettersAsync(limit, after, filter, cancellationToken), letter => invocation.Output.Write(DeadLetterLine.FromDeadLetter(letter), CliJsonContext.Readable.DeadLetterLine));
        if (count == 0)
        {
            invocation.Output.WriteNote($"There are no {(_filter.IsEmpty(invocation.Arguments.CommandResult) ? "" : "such ")}items in the {InboxPartOption.DisplayNameOf(part)}{(after == 0 ? "" : $" after id {after}")}.");
        }

        return ExitCode.Success;
    }

    private static int WriteAll<T>(IReadOnlyList<T> items, Action<T> write)
    {
        foreach (var item in items)
        {
            write(item);
        }

        return items.Count;
    }
}

/// <summary><c>inbox show</c>: shows one item in full.</summary>
internal sealed class InboxShowCommand : InboxCommand
{
    private readonly InboxPartOption _partOption;

    public InboxShowCommand()
        : base("show", "Shows one item in full. A quarantined item includes the received notification with its phone numbers.", hasId: true)
    {
        _partOption = new(this);
        Validators.Add(result =>
        {
            if (!Location.HasId(result))
            {
                result.AddError("'show' requires an id.");
            }
        });
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox show data/calls.db 3", "Show why a handler failed"),
        ("incoming-calls inbox show data/calls.db 1 --quarantine", "Show the received notification"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var id = Location.GetId(invocation.Arguments)!.Value;
        if (_partOption.GetPart(invocation.Arguments) == InboxPart.Quarantine)
        {
            var item = await inbox.GetQuarantinedAsync(id, cancellationToken);
            var bytes = await inbox.Items.ReadQuarantinedAsync(id, cancellationToken) ?? throw inbox.NotFound(InboxPart.Quarantine, id);
            invocation.Output.Write(QuarantineLine.FromItem(item, Encoding.UTF8.GetString(bytes.Span)), CliJsonContext.Readable.QuarantineLine);
        }
        else
        {
            invocation.Output.Write(DeadLetterLine.FromDeadLetter(await inbox.GetDeadLetterAsync(id, cancellationToken), isDetailed: true), CliJsonContext.Readable.DeadLetterLine);
        }

        return ExitCode.Success;
    }
}

/// <summary><c>inbox stats</c>: shows the backlog.</summary>
internal sealed class InboxStatsCommand() : InboxCommand("stats", "Shows how many deliveries are pending, since when, and how many items have failed.")
{
    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox stats data/calls.db", "Check whether everything is handled"),
        ("incoming-calls inbox stats data/calls.db --json", "Write the numbers as JSON, for a script"),
        ("incoming-calls inbox stats --postgres INCOMING_CALLS_POSTGRES", "Check a PostgreSQL inbox, with its connection string in this environment variable"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var statistics = await inbox.Items.GetStatisticsAsync(cancellationToken);
        invocation.Output.Write(
            new()
            {
                Depth = statistics.Depth,
                Ready = statistics.Ready,
                WaitingForCallerName = statistics.WaitingForCallerName,
                WaitingForRetry = statistics.WaitingForRetry,
                Settling = statistics.Settling,
                Paused = statistics.Paused,
                PausedDestinations = statistics.PausedDestinations,
                WaitingSince = statistics.WaitingSince,
                DeadLetters = statistics.DeadLetters,
                Quarantined = statistics.Quarantined,
            },
            CliJsonContext.Readable.InboxStatsLine);
        return ExitCode.Success;
    }
}
