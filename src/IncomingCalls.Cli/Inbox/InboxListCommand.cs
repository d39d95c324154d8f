using System.CommandLine;
using System.Text;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Inbox;

/// <summary><c>inbox list</c>: what failed, oldest first.</summary>
internal sealed class InboxListCommand : InboxCommand
{
    private readonly InboxPartOption _partOption;
    private readonly Option<int?> _limit = NumberOption.Create("--limit", "How many at the most; 100 by default.", 1, 1000);
    private readonly Option<long?> _after = NumberOption.Create("--after", "Begin behind this id, the last one of the page before.", 0, long.MaxValue);

    public InboxListCommand()
        : base("list", "Lists what failed, oldest first.")
    {
        _partOption = new(this);
        Options.Add(_limit);
        Options.Add(_after);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox list data/calls.db", "Which handler gave up on what?"),
        ("incoming-calls inbox list data/calls.db --quarantine", "What could not be read?"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var limit = invocation.Arguments.GetValue(_limit) ?? 100;
        var after = invocation.Arguments.GetValue(_after) ?? 0;
        if (_partOption.GetPart(invocation.Arguments) == InboxPart.Quarantine)
        {
            foreach (var item in await inbox.File.ListQuarantineAsync(limit, after, cancellationToken))
            {
                invocation.Output.Write(QuarantineLine.FromItem(item), CliJsonContext.Readable.QuarantineLine);
            }
        }
        else
        {
            foreach (var letter in await inbox.File.ListDeadLettersAsync(limit, after, cancellationToken))
            {
                invocation.Output.Write(DeadLetterLine.FromDeadLetter(letter), CliJsonContext.Readable.DeadLetterLine);
            }
        }

        return ExitCode.Success;
    }
}

/// <summary><c>inbox show</c>: everything about one item.</summary>
internal sealed class InboxShowCommand : InboxCommand
{
    private readonly Argument<long?> _id = new("id")
    {
        Description = "The item, as 'inbox list' numbers it.",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = ItemSelector.ParseId,
    };
    private readonly InboxPartOption _partOption;

    public InboxShowCommand()
        : base("show", "Shows one item whole; a quarantined one with what was received, phone numbers included.")
    {
        Arguments.Add(_id);
        _partOption = new(this);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox show data/calls.db 3", "Why did the handler give up?"),
        ("incoming-calls inbox show data/calls.db 1 --quarantine", "What came in?"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var id = invocation.Arguments.GetValue(_id)!.Value;
        if (_partOption.GetPart(invocation.Arguments) == InboxPart.Quarantine)
        {
            var item = await inbox.GetQuarantinedAsync(id, cancellationToken);
            var bytes = await inbox.File.ReadQuarantinedAsync(id, cancellationToken) ?? throw inbox.NotFound(InboxPart.Quarantine, id);
            invocation.Output.Write(QuarantineLine.FromItem(item, Encoding.UTF8.GetString(bytes.Span)), CliJsonContext.Readable.QuarantineLine);
        }
        else
        {
            invocation.Output.Write(DeadLetterLine.FromDeadLetter(await inbox.GetDeadLetterAsync(id, cancellationToken), isLong: true), CliJsonContext.Readable.DeadLetterLine);
        }

        return ExitCode.Success;
    }
}

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
